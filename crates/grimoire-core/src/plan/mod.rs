//! The plan: typed actions in order, names bound to tokens and chains, amounts still symbolic.

mod bind;
mod limits;
mod resolve;

pub use bind::{Bound, Open, bind};
pub use limits::{GasLimit, Limit, Limits, Slippage};
pub(crate) use resolve::exact;
pub use resolve::{Output, Resolver};

use std::collections::BTreeSet;

use alloy_primitives::Address;
use grimoire_lang::{Amount as Said, Decimal};
use grimoire_registry::{ChainId, Token, Venue};

/// Actions in order.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to do, first to last.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Whether an amount is a part of what the wallet holds.
    #[must_use]
    pub fn needs_wallet(&self) -> bool {
        self.amounts().any(|said| matches!(said, Said::Balance(_)))
    }

    /// The steps, counted from 0, whose output a later one uses.
    #[must_use]
    pub fn steps_used_later(&self) -> BTreeSet<usize> {
        let used = self.amounts().filter_map(|said| match said {
            Said::Output(steps, _) => Some(steps),
            _ => None,
        });
        used.flatten().map(|&step| usize::from(step).saturating_sub(1)).collect()
    }

    fn amounts(&self) -> impl Iterator<Item = &Said> {
        self.steps.iter().filter_map(|step| {
            let Action::Swap(swap) = &step.action;
            match &swap.side {
                Side::ExactIn(said) => Some(said),
                Side::ExactOut(_) => None,
            }
        })
    }
}

/// One action with everything it needs.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it runs.
    pub chain: ChainId,
    /// Who does it.
    pub venue: &'static Venue,
    /// What is done.
    pub action: Action,
    /// What it must keep to.
    pub limits: Limits,
}

/// What is done.
#[derive(Clone, Debug)]
pub enum Action {
    /// One token for another.
    Swap(Swap),
}

/// One token for another.
#[derive(Clone, Debug)]
pub struct Swap {
    /// What is paid.
    pub token_in: &'static Token,
    /// What is got.
    pub token_out: &'static Token,
    /// Which side is fixed.
    pub side: Side,
    /// Who gets it, where it is not the sender.
    pub recipient: Option<Address>,
}

/// Which side of a swap is fixed.
#[derive(Clone, Debug)]
pub enum Side {
    /// So much is paid: exact in.
    ExactIn(Said),
    /// So much is got: exact out.
    ExactOut(Decimal),
}
