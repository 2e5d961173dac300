//! What a venue works at: the state so far, prices, the sender, and the calls of the action being built.

use alloy_primitives::{Address, U256};
use grimoire_registry::Token;

use super::{Rehearsed, Venue};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Call, CallError, Machine, Receipt},
    plan::{Output, Resolver, Slippage},
    price::Prices,
};

/// What lasts over all actions of a plan.
pub struct Desks {
    /// The working copy.
    pub machine: Machine,
    /// The chain's prices.
    pub prices: Prices,
    /// The state before the plan: what its own steps have not moved.
    pub start: Machine,
    /// Who signs; a stand-in when it is not known.
    pub sender: Address,
    /// Whether it is known who signs.
    pub known: bool,
    /// Tokens that are there only if earlier steps go as quoted: what slippage may still take.
    pub unsure: Vec<(&'static Token, U256)>,
    /// What earlier actions put out.
    pub outputs: Vec<Output>,
    /// Wei to keep for gas.
    pub gas_reserve: U256,
    /// Tolerance where none was said.
    pub slippage: Slippage,
    /// Validity where none was said, in seconds.
    pub deadline_secs: u64,
    /// Price impact above which a trade is refused, in millionths.
    pub max_impact_ppm: u32,
}

/// One action's place of work.
pub struct Desk<'a> {
    /// What lasts over all actions.
    pub all: &'a mut Desks,
    /// The calls so far.
    pub calls: Vec<Rehearsed>,
    venue: &'a dyn Venue,
}

impl<'a> Desk<'a> {
    /// A desk for the next action.
    #[must_use]
    pub const fn new(all: &'a mut Desks, venue: &'a dyn Venue) -> Self {
        Self { all, calls: Vec::new(), venue }
    }

    /// Resolves amounts on the state as it is now.
    pub fn resolver(&mut self) -> Resolver<'_> {
        Resolver {
            machine: &mut self.all.machine,
            prices: &mut self.all.prices,
            owner: self.all.sender,
            unsure: &self.all.unsure,
            outputs: &mut self.all.outputs,
            gas_reserve: self.all.gas_reserve,
        }
    }

    /// Refuses when the sender surely holds less than that; `fixed` says that the person chose this amount, so what
    /// would pass can be named.
    ///
    /// # Errors
    /// When the balance does not suffice, or the state cannot be read.
    pub fn must_hold(&mut self, token: &'static Token, needed: Amount, fixed: bool) -> Result<(), Stop> {
        let held = self.resolver().surely_held(token)?;
        if held.raw >= needed.raw {
            return Ok(());
        }
        let symbol = &token.symbol;
        let mut message = match (held.raw.is_zero(), token.is_native()) {
            (true, _) => format!("The wallet holds no {symbol}; {needed} {symbol} are needed."),
            (false, false) => format!("The wallet holds {held} {symbol}; {needed} {symbol} are needed."),
            (false, true) => {
                format!("The wallet holds {held} {symbol}; {needed} {symbol} are needed, and gas on top.")
            }
        };
        let nameable = fixed && !token.is_native() && !held.raw.is_zero();
        let at_most = nameable.then(|| format!("{held} {symbol}"));
        if let Some(at_most) = &at_most {
            message.push_str(&format!(" At most {at_most} would pass."));
        }
        Err(Blocked { code: "insufficient_funds", message, at_most }.into())
    }

    /// Runs a call on the working state and adds it to the action.
    ///
    /// # Errors
    /// When the contract refuses, in words, or the state cannot be read.
    pub fn run(&mut self, call: Call) -> Result<Receipt, Stop> {
        match self.all.machine.rehearse(self.all.sender, &call) {
            Ok(receipt) => {
                self.calls.push(Rehearsed { call, gas_needed: receipt.gas_needed });
                Ok(receipt)
            }
            Err(error) => Err(refused(&call.title, error, self.venue)),
        }
    }
}

/// A failed call as a reason for a person.
pub(crate) fn refused(title: &str, error: CallError, venue: &dyn Venue) -> Stop {
    let why = match error {
        CallError::State(error) => return error.into(),
        CallError::Reverted(revert) => {
            venue.explain(&revert).map_or_else(|| revert.to_string(), str::to_owned)
        }
        other => other.to_string(),
    };
    Blocked::new("reverted", format!("“{title}” fails when simulated: {why}.")).into()
}
