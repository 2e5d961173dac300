//! The sandbox under test, built once and kept in the target folder.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use alloy_primitives::{Address, U256};
use grimoire_core::evm::{Snapshot, StateSource as _};
use grimoire_registry::{ChainId, REGISTRY};
use grimoire_sandbox::{ChainInfo, Paths, Sandbox, SandboxError};

/// The folders of the tests.
pub(crate) fn paths() -> Paths {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts");
    Paths { contracts, snapshots: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sandbox") }
}

/// The sandbox.
pub(crate) fn sandbox() -> &'static Sandbox {
    static SANDBOX: LazyLock<Result<Sandbox, SandboxError>> =
        LazyLock::new(|| Sandbox::load_or_build(&paths(), &mut |_| ()));
    SANDBOX.as_ref().unwrap_or_else(|why| panic!("{why}"))
}

/// One chain of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct On(pub(crate) ChainId);

impl On {
    /// Every chain it serves.
    pub(crate) fn every() -> impl Iterator<Item = Self> {
        sandbox().chains().into_iter().map(Self)
    }

    /// Its state.
    pub(crate) fn snapshot(self) -> Snapshot {
        sandbox().snapshot(self.0).unwrap_or_else(|why| panic!("{why}"))
    }

    /// The file of its market.
    pub(crate) fn market(self) -> toml::Value {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("market/{}.toml", self.0));
        toml::from_str(&fs::read_to_string(file).expect("a market")).expect("a market")
    }

    /// What is on it.
    pub(crate) fn info(self) -> ChainInfo {
        let all = sandbox().info().chains;
        all.into_iter().find(|chain| chain.chain == self.0).unwrap_or_else(|| panic!("{} is served", self.0))
    }

    /// Where a token's contract is.
    pub(crate) fn token(self, symbol: &str) -> Address {
        let found = REGISTRY.token(self.0, symbol).and_then(|token| token.address);
        found.unwrap_or_else(|| panic!("{symbol} has a contract on {}", self.0))
    }

    /// Where a contract of a venue is.
    pub(crate) fn contract(self, venue: &str, name: &str) -> Address {
        let deployment =
            REGISTRY.venue(venue).and_then(|v| v.deployments.get(&self.0)).expect("a deployment");
        deployment.contract(name).unwrap_or_else(|| panic!("{venue} has a {name} on {}", self.0))
    }

    /// An account of the market.
    pub(crate) fn account(self, name: &str) -> Address {
        sandbox().account(self.0, name).unwrap_or_else(|| panic!("the market of {} has a {name}", self.0))
    }

    /// Whole tokens in base units.
    pub(crate) fn units(self, whole: u64, symbol: &str) -> U256 {
        let decimals = REGISTRY.token(self.0, symbol).expect("a token").decimals;
        U256::from(whole) * U256::from(10).pow(U256::from(decimals))
    }
}

/// The chain that tests of what is alike everywhere run on.
pub(crate) const CHAIN: ChainId = ChainId::Ethereum;

const ETHEREUM: On = On(CHAIN);

/// Its state.
pub(crate) fn snapshot() -> Snapshot {
    ETHEREUM.snapshot()
}

/// Where a token's contract is.
pub(crate) fn token(symbol: &str) -> Address {
    ETHEREUM.token(symbol)
}

/// Where a contract of a venue is.
pub(crate) fn contract(venue: &str, name: &str) -> Address {
    ETHEREUM.contract(venue, name)
}

/// An account of the market.
pub(crate) fn account(name: &str) -> Address {
    ETHEREUM.account(name)
}

/// Whole tokens in base units.
pub(crate) fn units(whole: u64, symbol: &str) -> U256 {
    ETHEREUM.units(whole, symbol)
}
