//! The sandbox under test, built once and kept in the target folder.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use alloy_primitives::{Address, U256};
use grimoire_core::evm::{Snapshot, StateSource as _};
use grimoire_registry::{ChainId, REGISTRY};
use grimoire_sandbox::{Paths, Sandbox, SandboxError};

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

/// The chain under test.
pub(crate) const CHAIN: ChainId = ChainId::Ethereum;

/// Its state.
pub(crate) fn snapshot() -> Snapshot {
    sandbox().snapshot(CHAIN).expect("the sandbox serves ethereum")
}

/// Where a token's contract is.
pub(crate) fn token(symbol: &str) -> Address {
    REGISTRY
        .token(CHAIN, symbol)
        .and_then(|token| token.address)
        .unwrap_or_else(|| panic!("{symbol} has a contract"))
}

/// Where a contract of a venue is.
pub(crate) fn contract(venue: &str, name: &str) -> Address {
    let deployment = REGISTRY.venue(venue).and_then(|v| v.deployments.get(&CHAIN)).expect("a deployment");
    deployment.contract(name).unwrap_or_else(|| panic!("{venue} has a {name}"))
}

/// An account of the market.
pub(crate) fn account(name: &str) -> Address {
    sandbox().account(CHAIN, name).unwrap_or_else(|| panic!("the market has a {name}"))
}

/// Whole tokens in base units.
pub(crate) fn units(whole: u64, symbol: &str) -> U256 {
    let decimals = REGISTRY.token(CHAIN, symbol).expect("a token").decimals;
    U256::from(whole) * U256::from(10).pow(U256::from(decimals))
}
