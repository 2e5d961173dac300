//! What a stand-in has when no wallet is given: enough of what the plan pays, and the positions it works with.

use alloy_primitives::U256;
use grimoire_lang::Amount as Said;
use grimoire_registry::Token;

use crate::{
    amount::{Amount, ten_to},
    block::{Blocked, Stop},
    evm::{Machine, Snapshots},
    gift,
    plan::{Action, Plan, Side, Step},
    price::Prices,
    venue::{self, Desk, Signer, Site, Terms},
};

/// The states with a stand-in that has what the plan needs.
///
/// # Errors
/// When the state cannot be read.
pub fn fund_stand_in(
    snapshots: &Snapshots,
    plan: &Plan,
    signer: Signer,
    terms: &Terms,
) -> Result<Snapshots, Stop> {
    let mut funded = snapshots.clone();
    for (chain, snapshot) in &mut funded {
        let steps: Vec<&Step> = plan.steps.iter().filter(|step| step.chain == *chain).collect();
        let mut site = Site::new(snapshot, U256::ZERO);
        for (index, step) in steps.iter().enumerate() {
            if !prepared(step, &steps[..index]) {
                endow(step, &mut site, signer, terms)?;
            }
        }
        for step in &steps {
            let Some(token) = step.action.pays().map(|paid| paid.on(*chain)) else { continue };
            let Some(needed) = needed(&mut site.machine, &step.action, token)? else { continue };
            // Several steps may pay in the same token, and gas comes on top.
            let needed = needed.saturating_mul(U256::from(plan.steps.len() + 1));
            gift::raise(&mut site.machine, token, signer.address, needed)?;
        }
        snapshot.state = site.machine.into_state();
    }
    Ok(funded)
}

/// Whether an earlier step of the plan makes the position that a step works with.
fn prepared(step: &Step, earlier: &[&Step]) -> bool {
    let here = |other: &&&Step| other.venue.map(|v| &v.slug) == step.venue.map(|v| &v.slug);
    earlier.iter().filter(here).any(|other| match (&step.action, &other.action) {
        (Action::Borrow(_), Action::Deposit(_)) => true,
        (Action::Withdraw(w), Action::Deposit(d)) => w.token.symbol == d.token.symbol,
        (Action::Repay(r), Action::Borrow(b)) => r.token.symbol == b.token.symbol,
        _ => false,
    })
}

/// A position for what the step takes back, borrows against or repays.
fn endow(step: &Step, site: &mut Site, signer: Signer, terms: &Terms) -> Result<(), Stop> {
    let Ok(venue) = venue::builder(step) else { return Ok(()) };
    let mut desk =
        Desk { site, far: None, signer, terms: *terms, outputs: &mut [], calls: Vec::new(), venue };
    match venue.endow(step, &mut desk) {
        Ok(()) => Ok(()),
        Err(Stop::State(error)) => Err(error.into()),
        Err(Stop::Blocked(why)) => {
            let message = format!(
                "A stand-in account cannot be given what this needs. {} Give the wallet's address.",
                why.message
            );
            Err(Blocked { code: "wallet_needed", message, at_most: None }.into())
        }
    }
}

/// How much of a token a step pays at most; none when it is a part of what is there.
fn needed(machine: &mut Machine, action: &Action, token: &'static Token) -> Result<Option<U256>, Stop> {
    if let Action::Swap(swap) = action
        && let Side::ExactOut(_) = swap.side
    {
        // Not known before the quote: more than any pool takes.
        return Ok(ten_to(token.decimals.saturating_add(12)));
    }
    Ok(match action.amount() {
        Some(Said::Exact(number)) => Amount::of(*number, token.decimals).map(|a| a.raw),
        Some(Said::Usd(usd)) => {
            let price = Prices::default().of(machine, token)?;
            let usd = Amount::of(*usd, 18);
            price.zip(usd).and_then(|(p, usd)| p.amount(usd, token.decimals)).map(|a| a.raw)
        }
        _ => None,
    })
}
