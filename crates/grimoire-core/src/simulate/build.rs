//! Builds every step of a plan on one working copy of the state.

use alloy_primitives::{Address, U256};
use grimoire_lang::{Amount as Said, Take};

use super::gas::gas_limit;
use crate::{
    block::{Blocked, Stop},
    evm::{Fee, Machine, Snapshot},
    plan::{Action, Output, Plan, Side, Slippage},
    price::Prices,
    venue::{self, Built, Desk, Desks},
};

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

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The account that is simulated.
    pub address: Address,
    /// Whether it is the person's own; otherwise a stand-in, and the plan must be right for whoever signs.
    pub known: bool,
}

/// Gas that is assumed for a plan until it has been built once.
const FIRST_GUESS_GAS: u64 = 1_000_000;

/// Builds every step. Where everything of the native token is asked for, what the plan's gas may cost is kept.
///
/// # Errors
/// When a step cannot do what was asked, with what would work; or the state cannot be read.
pub fn build(plan: &Plan, snapshot: &Snapshot, signer: Signer, terms: &Terms) -> Result<Vec<Built>, Stop> {
    let fee = U256::from(Fee::of(&snapshot.block).max);
    if !takes_all_native(plan) {
        return once(plan, snapshot, signer, terms, U256::ZERO);
    }
    let guess = once(plan, snapshot, signer, terms, fee * U256::from(FIRST_GUESS_GAS))?;
    let limits = guess.iter().flat_map(|b| &b.calls).map(|c| gas_limit(c.gas_needed)).sum::<u64>();
    once(plan, snapshot, signer, terms, fee * U256::from(limits))
}

fn once(
    plan: &Plan,
    snapshot: &Snapshot,
    signer: Signer,
    terms: &Terms,
    gas_reserve: U256,
) -> Result<Vec<Built>, Stop> {
    let mut desks = Desks {
        machine: Machine::new(snapshot),
        start: Machine::new(snapshot),
        prices: Prices::default(),
        sender: signer.address,
        known: signer.known,
        unsure: Vec::new(),
        outputs: Vec::with_capacity(plan.steps.len()),
        gas_reserve,
        slippage: terms.slippage,
        deadline_secs: terms.deadline_secs,
        max_impact_ppm: terms.max_impact_ppm,
    };
    let mut built = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let venue = venue::find(&step.venue.slug).ok_or_else(|| {
            Blocked::new(
                "venue_not_available",
                format!("{} is not available in this version.", step.venue.name),
            )
        })?;
        let action = venue.build(step, &mut Desk::new(&mut desks, venue))?;
        desks.outputs.push(match action.output {
            Some((token, amount)) => Output { token, amount, taken: U256::ZERO },
            None => nothing(step),
        });
        desks.unsure.extend(&action.unsure);
        built.push(action);
    }
    Ok(built)
}

/// What a step puts out that pays somebody else: nothing a later step may use.
fn nothing(step: &crate::plan::Step) -> Output {
    let Action::Swap(swap) = &step.action;
    let amount = crate::amount::Amount::new(U256::ZERO, swap.token_out.decimals);
    Output { token: swap.token_out, amount, taken: U256::ZERO }
}

fn takes_all_native(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| {
        let Action::Swap(swap) = &step.action;
        let most = |take: &Take| matches!(take, Take::All | Take::Rest | Take::AtMost(_) | Take::AllBut(_));
        swap.token_in.is_native() && matches!(&swap.side, Side::ExactIn(Said::Balance(take)) if most(take))
    })
}
