//! A call, and what came of it.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;

use super::{revert::Revert, state::StateError};

/// What a transaction does: a call of one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The contract.
    pub to: Address,
    /// Wei sent along.
    pub value: U256,
    /// Calldata.
    pub data: Bytes,
    /// What it is for, for a person: `Approve 100 USDC for Uniswap V3`.
    pub title: String,
}

impl Call {
    /// A call of a typed function without value.
    pub fn new<C: SolCall>(to: Address, function: &C, title: String) -> Self {
        Self { to, value: U256::ZERO, data: function.abi_encode().into(), title }
    }

    /// Wei sent to an account, without calldata.
    #[must_use]
    pub const fn plain(to: Address, value: U256, title: String) -> Self {
        Self { to, value, data: Bytes::new(), title }
    }

    /// The same call with wei sent along.
    #[must_use]
    pub fn with_value(self, value: U256) -> Self {
        Self { value, ..self }
    }
}

/// What a successful call left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Gas the transaction used, after refunds.
    pub gas_used: u64,
    /// Gas it must be given to succeed: what it used before refunds.
    pub gas_needed: u64,
    /// What it returned.
    pub output: Bytes,
}

/// Why a call has no receipt.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// The contract refused.
    #[error("{0}")]
    Reverted(Revert),
    /// Execution stopped: out of gas, an invalid instruction.
    #[error("execution stopped: {0}")]
    Halted(String),
    /// The sender cannot pay for gas and value.
    #[error("the sender holds {balance} wei and needs up to {needed} wei for value and gas")]
    CannotPay {
        /// What the transaction may cost.
        needed: U256,
        /// What the sender has.
        balance: U256,
    },
    /// The transaction is not a valid one.
    #[error("the transaction is invalid: {0}")]
    Invalid(String),
    /// What came back does not have the shape the function promises: no contract there, or another one.
    #[error("the contract at {0} does not answer as expected")]
    Malformed(Address),
    /// The state could not be read.
    #[error(transparent)]
    State(#[from] StateError),
}
