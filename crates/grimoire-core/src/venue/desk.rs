//! What a venue works at: the chain as the plan has left it so far, prices, the sender, and the calls of the action
//! being built.

use alloy_primitives::{Address, U256};
use grimoire_registry::{ChainId, Token};

use super::{Rehearsed, Venue};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Call, CallError, Machine, Receipt, Revert, Snapshot},
    plan::{Output, Resolver, Slippage},
    price::Prices,
};

/// One chain as the plan has left it so far.
pub struct Site {
    /// The working copy.
    pub machine: Machine,
    /// The chain's prices.
    pub prices: Prices,
    /// The state before the plan: what its own steps have not moved.
    pub start: Machine,
    /// Tokens that are there only if earlier steps go as quoted: what slippage may still take.
    pub unsure: Vec<(&'static Token, U256)>,
    /// Balances that steps took a part of, as they were then.
    pub divided: Vec<(&'static Token, U256)>,
    /// Wei to keep for gas.
    pub gas_reserve: U256,
}

impl Site {
    /// A chain as the plan finds it.
    #[must_use]
    pub fn new(snapshot: &Snapshot, gas_reserve: U256) -> Self {
        Self {
            machine: Machine::new(snapshot),
            start: Machine::new(snapshot),
            prices: Prices::default(),
            unsure: Vec::new(),
            divided: Vec::new(),
            gas_reserve,
        }
    }
}

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The account that is simulated.
    pub address: Address,
    /// Whether it is the person's own; otherwise a stand-in, and the plan must be right for whoever signs.
    pub known: bool,
}

/// What holds where the person said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Slippage tolerance.
    pub slippage: Slippage,
    /// Validity of the transactions, in seconds.
    pub deadline_secs: u64,
    /// Price impact above which a trade is refused, in millionths.
    pub max_impact_ppm: u32,
}

/// One action's place of work.
pub struct Desk<'a> {
    /// The chain it runs on.
    pub site: &'a mut Site,
    /// The chain it leads to, for a bridge.
    pub far: Option<&'a mut Site>,
    /// Who signs.
    pub signer: Signer,
    /// What holds where the person said nothing.
    pub terms: Terms,
    /// What earlier actions put out.
    pub outputs: &'a mut [Option<Output>],
    /// The calls so far.
    pub calls: Vec<Rehearsed>,
    /// Who builds.
    pub venue: &'a dyn Venue,
}

impl Desk<'_> {
    /// Which chain.
    #[must_use]
    pub const fn chain(&self) -> ChainId {
        self.site.machine.chain()
    }

    /// Resolves amounts on the state as it is now.
    pub fn resolver(&mut self) -> Resolver<'_> {
        Resolver {
            machine: &mut self.site.machine,
            prices: &mut self.site.prices,
            owner: self.signer.address,
            unsure: &self.site.unsure,
            outputs: self.outputs,
            divided: &mut self.site.divided,
            gas_reserve: self.site.gas_reserve,
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
        match self.site.machine.rehearse(self.signer.address, &call) {
            Ok(receipt) => {
                self.calls.push(Rehearsed { call, gas_needed: receipt.gas_needed });
                Ok(receipt)
            }
            Err(error) => Err(refused(&call.title, error, self.venue)),
        }
    }

    /// Whether the contract would refuse a call now; changes nothing.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn would_revert(&mut self, call: &Call) -> Result<bool, Stop> {
        match self.site.machine.attempt(self.signer.address, call) {
            Ok(_) => Ok(false),
            Err(CallError::State(error)) => Err(error.into()),
            Err(_) => Ok(true),
        }
    }

    /// What a contract would say to a call now, if it refuses; changes nothing.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn refusal(&mut self, call: &Call) -> Result<Option<Revert>, Stop> {
        match self.site.machine.attempt(self.signer.address, call) {
            Ok(_) => Ok(None),
            Err(CallError::State(error)) => Err(error.into()),
            Err(CallError::Reverted(revert)) => Ok(Some(revert)),
            Err(_) => Ok(Some(Revert::Empty)),
        }
    }

    /// The largest amount below a refused one for which a call passes, to three digits; none when even little does
    /// not.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn largest(&mut self, refused: Amount, call: impl Fn(U256) -> Call) -> Result<Option<Amount>, Stop> {
        let (mut passes, mut fails) = (U256::ZERO, refused.raw);
        // Halving narrows the gap to a thousandth of the amount.
        while fails - passes > (passes / U256::from(1_000)).max(U256::ONE) {
            let middle = passes + (fails - passes) / U256::from(2);
            if self.would_revert(&call(middle))? { fails = middle } else { passes = middle }
        }
        // A fiftieth less: what is just accepted now would be refused, or liquidated, a moment later.
        let most = Amount { raw: passes - passes / U256::from(50), ..refused }.rounded(3);
        Ok((!most.raw.is_zero()).then_some(most))
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
