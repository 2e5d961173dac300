//! Where the state of a chain comes from.

use std::{collections::BTreeMap, fmt, sync::Arc};

use alloy_primitives::{Address, B256};
use grimoire_registry::ChainId;
use revm::{DatabaseRef, context::DBErrorMarker};
use serde::Serialize;

/// The state of one chain at one block: accounts, code, storage.
pub trait State: DatabaseRef<Error = StateError> + Send + Sync {}

impl<T: DatabaseRef<Error = StateError> + Send + Sync> State for T {}

/// Gives the state of chains. The sandbox is one; a live chain over JSON-RPC is another.
pub trait StateSource: Send + Sync {
    /// The chains it can give.
    fn chains(&self) -> Vec<ChainId>;

    /// The newest state of a chain it lists.
    ///
    /// # Errors
    /// When the state cannot be had now, such as a node that does not answer.
    fn snapshot(&self, chain: ChainId) -> Result<Snapshot, StateError>;
}

/// A chain's state pinned to one block, and what a simulation on it must know.
#[derive(Clone)]
pub struct Snapshot {
    /// Which chain.
    pub chain: ChainId,
    /// The block it is pinned to.
    pub block: Block,
    /// What kind of chain it is: every result says so.
    pub origin: Origin,
    /// An account nobody holds a key of, whose funds stand in when no wallet is given.
    pub stand_in: Address,
    /// Accounts, code and storage.
    pub state: Arc<dyn State>,
}

/// The chains a plan touches, each pinned to one block.
pub type Snapshots = BTreeMap<ChainId, Snapshot>;

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("chain", &self.chain)
            .field("block", &self.block)
            .finish_non_exhaustive()
    }
}

/// The header a simulation runs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Height.
    pub number: u64,
    /// Hash; on the sandbox the hash of its state.
    pub hash: B256,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Wei a unit of gas.
    pub base_fee: u64,
    /// The tip a transaction would offer, wei a unit of gas.
    pub priority_fee: u64,
    /// Gas a block may use.
    pub gas_limit: u64,
    /// Fee recipient.
    pub beneficiary: Address,
    /// Randomness of the block.
    pub prevrandao: B256,
}

/// What kind of chain a result was computed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The embedded chain: real protocol code, invented prices and depth.
    Sandbox,
    /// A live chain.
    Live,
}

/// The state could not be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StateError {
    /// No source serves this chain.
    #[error("no state source serves {0}")]
    NotServed(ChainId),
    /// The source failed; worth another try.
    #[error("the state of the chain could not be read: {0}")]
    Unavailable(String),
}

impl DBErrorMarker for StateError {}
