//! From a bound plan to a judged preview.

use alloy_primitives::Address;
use grimoire_lang::Intent;

use crate::{
    block::{Blocked, Stop, Warning},
    describe,
    evm::{Machine, Snapshot, StateError},
    plan::Plan,
    preview::{Fees, Preview, Status, Time},
    price::{Prices, Usd},
    simulate::{self, Signer, Terms},
    venue::{self, Built, Venue},
};

/// Builds, executes and judges a plan.
///
/// # Errors
/// When the state cannot be read. A plan that cannot be executed is a preview that says why.
pub fn preview(
    intent: &Intent,
    plan: &Plan,
    snapshot: &Snapshot,
    wallet: Option<Address>,
    terms: &Terms,
    validating: &mut dyn FnMut(),
) -> Result<Preview, StateError> {
    let mut preview = blank(intent, snapshot);
    for note in &intent.notes {
        warn(&mut preview, &note.code, note.text.clone());
    }
    let judged = match wallet {
        Some(address) => {
            judge(&mut preview, plan, snapshot, Signer { address, known: true }, terms, validating)
        }
        None if plan.needs_wallet() => {
            let message = "How much that is depends on the wallet. Give the wallet's address, or an amount.";
            Err(Blocked::new("wallet_needed", message.into()).into())
        }
        None => {
            let message = "No wallet address was given: simulated from a funded stand-in account, so your own balances and allowances did not count.";
            warn(&mut preview, "stand_in_wallet", message.into());
            let funded = simulate::fund_stand_in(snapshot, plan)?;
            let signer = Signer { address: snapshot.stand_in, known: false };
            judge(&mut preview, plan, &funded, signer, terms, validating)
        }
    };
    match judged {
        Ok(()) => preview.executable = true,
        Err(Stop::State(error)) => return Err(error),
        Err(Stop::Blocked(blocked)) => {
            if blocked.code == "reverted" {
                preview.simulation.status = Status::Reverted;
            }
            preview.transactions.clear();
            preview.simulation.plan_hash = None;
            preview.blocked = Some(blocked);
        }
    }
    Ok(preview)
}

/// A preview before anything is known but what was asked.
fn blank(intent: &Intent, snapshot: &Snapshot) -> Preview {
    Preview {
        summary: describe::asked(intent),
        gas_estimate: None,
        price_impact: None,
        slippage: None,
        warnings: Vec::new(),
        warning_codes: Vec::new(),
        executable: false,
        blocked: None,
        action_plan: describe::action_plan(intent),
        transactions: Vec::new(),
        balance_changes: Vec::new(),
        steps: Vec::new(),
        fees: Fees { gas_units: None, gas_usd: None, l1_data_usd: None },
        simulation: describe::simulation(snapshot, Status::NotRun, None),
        provenance: describe::provenance(intent),
        valid_until: None,
    }
}

fn warn(preview: &mut Preview, code: &str, message: String) {
    preview.warnings.push(message);
    preview.warning_codes.push(code.to_owned());
}

/// Fills the preview step by step; what is reached before a stop stays shown.
fn judge(
    preview: &mut Preview,
    plan: &Plan,
    snapshot: &Snapshot,
    signer: Signer,
    terms: &Terms,
    validating: &mut dyn FnMut(),
) -> Result<(), Stop> {
    let sender = signer.address;
    let built = simulate::build(plan, snapshot, signer, terms)?;
    let titles: Vec<String> = built.iter().map(|b| b.title.clone()).collect();
    preview.summary = describe::summary(&titles);
    (preview.price_impact, preview.slippage) = describe::trade_figures(&built);
    preview.steps = describe::steps(&built);
    preview.valid_until = built.iter().filter_map(|b| b.deadline).min().map(Time);
    for warning in built.iter().flat_map(|b| &b.warnings) {
        warn(preview, warning.code, warning.message.clone());
    }
    for step in plan.steps_used_later() {
        let Some((token, least)) = built.get(step).and_then(|b| b.output) else { continue };
        let message = format!(
            "Later steps use the {least} {0} that step {1} surely gives; what comes beyond that stays in the wallet.",
            token.symbol,
            step + 1
        );
        warn(preview, "leftover", message);
    }
    validating();
    let outgoing = simulate::outgoing(&built, snapshot)?;
    let fee = simulate::offer(plan, &snapshot.block)?;
    let executed = simulate::execute(snapshot, sender, &outgoing, fee, &built, &venues(plan))?;
    let mut machine = Machine::new(snapshot);
    let mut prices = Prices::default();
    preview.simulation.status = Status::Success;
    preview.balance_changes =
        describe::balance_changes(&executed.changes, sender, &mut machine, &mut prices)?;
    let (fees, usd) = describe::fees(&executed, &mut machine, &mut prices)?;
    preview.gas_estimate = usd.map(Usd::about);
    preview.fees = fees;
    for Warning { code, message } in &executed.warnings {
        warn(preview, code, message.clone());
    }
    let asked: Vec<_> = built.iter().flat_map(|b: &Built| b.effects.iter().copied()).collect();
    simulate::conform(&executed, &asked)?;
    simulate::keep_to_gas_limit(plan, snapshot, executed.gas_used, usd)?;
    preview.transactions = describe::transactions(&outgoing, fee, snapshot);
    let hash = describe::plan_hash(&preview.transactions, sender, snapshot);
    preview.simulation.plan_hash = Some(hash);
    Ok(())
}

fn venues(plan: &Plan) -> Vec<&'static dyn Venue> {
    plan.steps.iter().filter_map(|s| venue::find(&s.venue.slug)).collect()
}
