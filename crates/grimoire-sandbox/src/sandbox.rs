//! The embedded chains, ready to simulate on.
//!
//! What comes in: folders. What goes out: a [`Sandbox`], loaded when a snapshot is valid, else built. What it refuses
//! to know: what is on the chains.

use std::{fmt, sync::Arc};

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::SolValue as _;
use grimoire_core::evm::{Block, Origin, Snapshot, StateError, StateSource};
use grimoire_registry::{ChainId, REGISTRY};
use serde_json::Value;

use crate::{
    book::Book,
    build::build,
    contracts::{Contracts, Paths},
    error::SandboxError,
    genesis::genesis,
    image::Facts,
    info::{ChainInfo, Info},
    market::{MARKETS, STAND_IN, account},
    progress::{Progress, Stage, Teller},
    snapshot::{self, Key, Sealed},
    state::ChainState,
    store,
};

/// Chains in memory: real protocol code on a synthetic market. A clone shares them.
#[derive(Clone)]
pub struct Sandbox {
    chains: Arc<[Chain]>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("chains", &self.chains()).finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Chain {
    facts: Arc<Facts>,
    block: Block,
    size: usize,
    state: Arc<ChainState>,
}

impl Sandbox {
    /// Loads the stored chains, in milliseconds and without the contracts folder; builds and stores those that are
    /// missing or were built from something else.
    ///
    /// # Errors
    /// When a chain must be built and the contracts are not installed, or cannot be built or stored.
    pub fn load_or_build(paths: &Paths, tell: &mut dyn FnMut(&Progress)) -> Result<Self, SandboxError> {
        let mut builder = Builder { paths, contracts: None };
        Self::each(tell, |chain, market, teller| {
            let key = snapshot::key(chain, market);
            teller.tell(Stage::Load, 0, 1);
            let found = store::load(&paths.snapshots, chain, &key);
            teller.tell(Stage::Load, 1, 1);
            found.map_or_else(|| builder.make(chain, market, &key, teller), Ok)
        })
    }

    /// Builds the chains from the contracts folder and stores them, whatever is stored already.
    ///
    /// # Errors
    /// When the contracts are not installed, or a chain cannot be built or stored.
    pub fn build(paths: &Paths, tell: &mut dyn FnMut(&Progress)) -> Result<Self, SandboxError> {
        let mut builder = Builder { paths, contracts: None };
        Self::each(tell, |chain, market, teller| {
            builder.make(chain, market, &snapshot::key(chain, market), teller)
        })
    }

    fn each(
        tell: &mut dyn FnMut(&Progress),
        mut get: impl FnMut(ChainId, &str, &mut Teller<'_>) -> Result<Sealed, SandboxError>,
    ) -> Result<Self, SandboxError> {
        let mut one = |&(chain, market): &(ChainId, &str)| {
            get(chain, market, &mut Teller { chain, tell }).map(Chain::from)
        };
        Ok(Self { chains: MARKETS.iter().map(&mut one).collect::<Result<_, _>>()? })
    }

    /// The same chains some seconds later: nothing has happened there but time, so interest has grown and quotes are
    /// old. Blocks have been made as often as on the live chain.
    #[must_use]
    pub fn later(&self, seconds: u64) -> Self {
        Self { chains: self.chains.iter().map(|chain| chain.later(seconds)).collect() }
    }

    /// What is on its chains.
    #[must_use]
    pub fn info(&self) -> Info {
        Info::of(self.chains.iter().map(|chain| ChainInfo::of(&chain.facts, &chain.block, chain.size)))
    }

    /// An account of a chain's market, such as `stand_in` or `lender`.
    #[must_use]
    pub fn account(&self, chain: ChainId, name: &str) -> Option<Address> {
        let found = self.chain(chain)?.facts.accounts.iter().find(|(known, _)| known == name);
        found.map(|(_, address)| *address)
    }

    /// A chain as a geth-style genesis: the parent of the block that [`StateSource::snapshot`] gives.
    #[must_use]
    pub fn genesis(&self, chain: ChainId) -> Option<Value> {
        self.chain(chain).map(|chain| genesis(chain.facts.chain, &chain.block, &chain.state))
    }

    fn chain(&self, id: ChainId) -> Option<&Chain> {
        self.chains.iter().find(|chain| chain.facts.chain == id)
    }
}

/// Builds chains, with contracts that are read once for all of them.
struct Builder<'a> {
    paths: &'a Paths,
    contracts: Option<Contracts>,
}

impl Builder<'_> {
    fn make(
        &mut self,
        chain: ChainId,
        market: &str,
        key: &Key,
        teller: &mut Teller<'_>,
    ) -> Result<Sealed, SandboxError> {
        let contracts = match self.contracts.take() {
            Some(contracts) => contracts,
            None => Contracts::open(&self.paths.contracts)?,
        };
        let image = build(&Book::read(chain, market)?, self.contracts.insert(contracts), teller)?;
        let (bytes, sealed) = snapshot::write(key, image).expect("plain data has a postcard form");
        teller.tell(Stage::Store, 0, 1);
        store::save(&self.paths.snapshots, chain, &bytes)?;
        teller.tell(Stage::Store, 1, 1);
        Ok(sealed)
    }
}

impl From<Sealed> for Chain {
    fn from(sealed: Sealed) -> Self {
        let facts = sealed.image.facts;
        let block = Block {
            number: facts.number,
            hash: sealed.hash,
            timestamp: facts.timestamp,
            base_fee: facts.base_fee,
            priority_fee: facts.priority_fee,
            gas_limit: facts.gas_limit,
            beneficiary: Address::ZERO,
            prevrandao: B256::ZERO,
        };
        let state = Arc::new(ChainState::of(&sealed.image.state));
        Self { facts: Arc::new(facts), block, size: sealed.size, state }
    }
}

impl Chain {
    fn later(&self, seconds: u64) -> Self {
        let blocks = seconds.saturating_mul(1000) / REGISTRY.chain(self.facts.chain).block_time_ms;
        let number = self.block.number.saturating_add(blocks);
        let timestamp = self.block.timestamp.saturating_add(seconds);
        // Another block of the same state: its name says both.
        let hash = match seconds {
            0 => self.block.hash,
            _ => keccak256((self.block.hash, U256::from(number), U256::from(timestamp)).abi_encode_packed()),
        };
        Self { block: Block { number, timestamp, hash, ..self.block }, ..self.clone() }
    }
}

impl StateSource for Sandbox {
    fn chains(&self) -> Vec<ChainId> {
        self.chains.iter().map(|chain| chain.facts.chain).collect()
    }

    fn snapshot(&self, chain: ChainId) -> Result<Snapshot, StateError> {
        let found = self.chain(chain).ok_or(StateError::NotServed(chain))?;
        let state = found.state.clone();
        Ok(Snapshot {
            chain,
            block: found.block,
            origin: Origin::Sandbox,
            stand_in: account(STAND_IN),
            state,
        })
    }
}
