//! A transaction to be sent.

use grimoire_registry::ChainId;

use crate::evm::Call;

/// A transaction to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// Which action it belongs to, counted from 0.
    pub action: usize,
    /// Where it is sent.
    pub chain: ChainId,
    /// What it calls.
    pub call: &'a Call,
    /// Gas it may use.
    pub gas_limit: u64,
    /// The part of that which pays for its data on layer 1, on chains that count it as gas.
    pub data_gas: u64,
}
