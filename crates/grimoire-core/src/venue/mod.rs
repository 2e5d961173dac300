//! Venues: how an action becomes calls.
//!
//! A venue encodes calls and runs them at once on the working state, so a quote can never disagree with what the
//! calls do. Adding one is its folder and one line in [`VENUES`].

mod desk;
pub mod erc20;
pub mod aave_v3;
pub mod across;
pub mod morpho_blue;
pub mod uniswap_v3;

pub(crate) use desk::refused;
pub use desk::{Desk, Desks};

use alloy_primitives::{Address, I256, U256};
use grimoire_registry::Token;

use crate::{
    amount::Amount,
    block::{Stop, Warning},
    evm::{Call, Revert},
    plan::{Slippage, Step},
};

/// A protocol that carries out actions.
pub trait Venue: Sync {
    /// Its slug: the same in folder, data, JSON and docs.
    fn slug(&self) -> &'static str;

    /// Encodes an action and runs its calls on the desk's working state.
    ///
    /// # Errors
    /// When it cannot do what was asked, with what would work; or the state cannot be read.
    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop>;

    /// A revert of one of its contracts in plain words, where it knows better than [`Revert`] itself.
    fn explain(&self, revert: &Revert) -> Option<&'static str>;
}

/// Every venue.
pub const VENUES: &[&dyn Venue] = &[&uniswap_v3::UniswapV3];

/// The venue of that slug.
#[must_use]
pub fn find(slug: &str) -> Option<&'static dyn Venue> {
    VENUES.iter().copied().find(|v| v.slug() == slug)
}

/// An action as calls, and what they must do.
#[derive(Clone, Debug)]
pub struct Built {
    /// In order.
    pub calls: Vec<Rehearsed>,
    /// What balances must change by, no more and no less.
    pub effects: Vec<Effect>,
    /// What it surely puts out, for later actions.
    pub output: Option<(&'static Token, Amount)>,
    /// What the sender holds after it only if it goes as quoted.
    pub unsure: Vec<(&'static Token, U256)>,
    /// One sentence with the amounts.
    pub title: String,
    /// Token and spender of every approval it gives.
    pub spenders: Vec<(Address, Address)>,
    /// Trade figures, for an action that trades.
    pub trade: Option<Trade>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// What the venue says of it.
    pub details: serde_json::Map<String, serde_json::Value>,
    /// Chain time after which the calls fail.
    pub deadline: Option<u64>,
}

/// A call that ran on the working state, and the gas it needs.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// The call.
    pub call: Call,
    /// Gas it used at its peak, before refunds.
    pub gas_needed: u64,
}

/// A change of one account's balance that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    /// Whose.
    pub account: Address,
    /// Of what.
    pub token: &'static Token,
    /// By how much, in smallest units, gas apart.
    pub change: I256,
}

/// What a person judges a trade by.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Loss against the mid price before the trade, LP fee included, in millionths.
    pub impact_ppm: u32,
    /// The tolerance its least output was computed with.
    pub slippage: Slippage,
}
