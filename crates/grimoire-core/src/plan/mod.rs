//! The plan: typed actions in order, names bound to tokens and chains, amounts still symbolic.

mod action;
mod limits;
mod names;
mod bind;
mod resolve;

pub use action::{Action, Borrow, Bridge, Lend, Paid, Side, Swap, Transfer};
pub use bind::{Bound, bind};
pub use limits::{GasLimit, Limit, Limits, Slippage};
pub use names::Open;
pub(crate) use resolve::exact;
pub use resolve::{Output, Resolver};

use std::collections::BTreeSet;

use grimoire_lang::{Amount as Said, Take};
use grimoire_registry::{ChainId, Venue};

/// Actions in order.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to do, first to last.
    pub steps: Vec<Step>,
}

/// One action with everything it needs.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it runs.
    pub chain: ChainId,
    /// Who does it; nobody for what a wallet does by itself, such as a transfer.
    pub venue: Option<&'static Venue>,
    /// What is done.
    pub action: Action,
    /// What it must keep to.
    pub limits: Limits,
}

impl Plan {
    /// The chains it touches, in the order it does.
    #[must_use]
    pub fn chains(&self) -> Vec<ChainId> {
        let mut chains = Vec::new();
        for step in &self.steps {
            let far = match &step.action {
                Action::Bridge(bridge) => Some(bridge.to_chain),
                _ => None,
            };
            for chain in [Some(step.chain), far].into_iter().flatten() {
                if !chains.contains(&chain) {
                    chains.push(chain);
                }
            }
        }
        chains
    }

    /// Whether an amount is a part of what the wallet holds or owes.
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

    /// The steps, counted from 0, that run where an earlier bridge leads to, with that bridge.
    #[must_use]
    pub fn after_a_bridge(&self) -> Vec<(usize, usize)> {
        let leads_to =
            |earlier: &Step, chain| matches!(&earlier.action, Action::Bridge(b) if b.to_chain == chain);
        let last = |step: usize| {
            let chain = self.steps[step].chain;
            self.steps[..step]
                .iter()
                .rposition(|earlier| leads_to(earlier, chain))
                .map(|bridge| (step, bridge))
        };
        (0..self.steps.len()).filter_map(last).collect()
    }

    /// Whether everything of the native token of a chain is spent, so that gas must be kept.
    #[must_use]
    pub fn takes_all_native(&self, chain: ChainId) -> bool {
        let most = |take: &Take| matches!(take, Take::All | Take::Rest | Take::AtMost(_) | Take::AllBut(_));
        self.steps.iter().filter(|step| step.chain == chain).any(|step| {
            step.action.pays().is_some_and(|paid| paid.on(chain).is_native())
                && matches!(step.action.amount(), Some(Said::Balance(take)) if most(take))
        })
    }

    fn amounts(&self) -> impl Iterator<Item = &Said> {
        self.steps.iter().filter_map(|step| step.action.amount())
    }
}
