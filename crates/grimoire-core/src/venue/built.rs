//! An action as calls, what they must do, and what a person should know of it.

use alloy_primitives::{Address, U256};
use grimoire_registry::{ChainId, Token};
use serde::Serialize;

use super::position::Effect;
use crate::{
    amount::Amount,
    block::Warning,
    evm::Call,
    plan::{Output, Slippage},
};

/// An action as calls, and what they must do.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// In order.
    pub calls: Vec<Rehearsed>,
    /// What must change, no more and no less.
    pub effects: Vec<Effect>,
    /// What it surely puts out, for later actions.
    pub output: Option<Output>,
    /// What the sender holds after it only if it goes as quoted.
    pub unsure: Vec<(&'static Token, U256)>,
    /// One sentence with the amounts.
    pub title: String,
    /// Token and spender of every approval it gives.
    pub spenders: Vec<(Address, Address)>,
    /// Trade figures, for an action that trades.
    pub trade: Option<Trade>,
    /// How safe the loans of the account are, for an action that changes it.
    pub health: Option<Health>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// Labelled facts for a person, most important first.
    pub facts: Vec<Fact>,
    /// The same for a program.
    pub details: serde_json::Map<String, serde_json::Value>,
    /// Chain time after which the calls fail.
    pub deadline: Option<u64>,
    /// What others will do on another chain because of it.
    pub arrival: Option<Arrival>,
}

/// A call that ran on the working state, and the gas it needs.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// The call.
    pub call: Call,
    /// Gas it used at its peak, before refunds.
    pub gas_needed: u64,
}

/// What a person judges a trade by.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Loss against the mid price before the trade, LP fee included, in millionths.
    pub impact_ppm: u32,
    /// The tolerance its least output was computed with.
    pub slippage: Slippage,
}

/// The health factor of an account's loans before and after; none when it owes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// With 18 decimals.
    pub before: Option<Amount>,
    /// With 18 decimals.
    pub after: Option<Amount>,
}

/// Something about an action, for a person: `Supply APY`, `3.96% → 3.95%`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// What it says.
    pub value: String,
}

/// What somebody else does on another chain, such as a relayer who fills a bridge deposit.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where.
    pub chain: ChainId,
    /// Who does it.
    pub by: Address,
    /// What they must hold for it.
    pub funds: (&'static Token, U256),
    /// What they call.
    pub calls: Vec<Call>,
}
