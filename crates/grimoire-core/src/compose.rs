//! From a bound plan to a judged preview.

use alloy_primitives::Address;
use grimoire_lang::Intent;
use grimoire_registry::REGISTRY;

use crate::{
    block::{Blocked, Stop, Warning},
    describe,
    evm::{Snapshot, Snapshots, StateError},
    figures::{self, Markets},
    news::{Listener, News, Stage},
    plan::Plan,
    preview::{Fees, Preview, Status, Time},
    price::Usd,
    simulate::{self, Executed},
    venue::{Built, Signer, Terms},
};

/// Builds, executes and judges a plan on the chains it touches.
///
/// # Errors
/// When the state cannot be read. A plan that cannot be executed is a preview that says why.
pub fn preview(
    intent: &Intent,
    plan: &Plan,
    snapshots: &Snapshots,
    wallet: Option<Address>,
    terms: &Terms,
    tell: &mut Listener<'_>,
) -> Result<Preview, StateError> {
    let mut story = Story { titles: Vec::new(), steps: plan.steps.len(), tell };
    let chains: Vec<&Snapshot> = plan.chains().iter().filter_map(|chain| snapshots.get(chain)).collect();
    let mut preview = blank(intent, &chains);
    for note in &intent.notes {
        warn(&mut preview, &note.code, note.text.clone());
    }
    let judged = match wallet {
        Some(address) => {
            let signer = Signer { address, known: true };
            judge(&mut preview, plan, snapshots, signer, terms, &mut story)
        }
        None if plan.needs_wallet() => {
            let message = "How much that is depends on the wallet. Give the wallet's address, or an amount.";
            Err(Blocked::new("wallet_needed", message.into()).into())
        }
        None => {
            let message = "No wallet address was given: simulated from a funded stand-in account, so your own balances and allowances did not count.";
            warn(&mut preview, "stand_in_wallet", message.into());
            let signer = Signer { address: chains[0].stand_in, known: false };
            simulate::fund_stand_in(snapshots, plan, signer, terms)
                .and_then(|funded| judge(&mut preview, plan, &funded, signer, terms, &mut story))
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
    preview.summary = story.end(intent);
    Ok(preview)
}

/// The summary as it is told, action by action.
struct Story<'a, 'b> {
    titles: Vec<String>,
    steps: usize,
    tell: &'a mut Listener<'b>,
}

impl Story<'_, '_> {
    fn goes_on(&mut self, title: &str) {
        let stop = if self.titles.len() + 1 == self.steps { "." } else { "" };
        let clause = describe::clause(self.titles.len(), title);
        self.titles.push(title.to_owned());
        (self.tell)(News::Summary(&format!("{clause}{stop}")));
    }

    /// The whole of it; what was not built is told as it was asked.
    fn end(mut self, intent: &Intent) -> String {
        for action in intent.actions.iter().skip(self.titles.len()) {
            self.goes_on(&describe::asked(action));
        }
        describe::summary(&self.titles)
    }
}

/// A preview before anything is known but what was asked.
fn blank(intent: &Intent, chains: &[&Snapshot]) -> Preview {
    Preview {
        summary: String::new(),
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
        fees: Fees { gas_units: None, gas_usd: None, l1_data_usd: None, chains: Vec::new() },
        simulation: figures::simulation(chains, Status::NotRun, None),
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
    snapshots: &Snapshots,
    signer: Signer,
    terms: &Terms,
    story: &mut Story<'_, '_>,
) -> Result<(), Stop> {
    let built = simulate::build(plan, snapshots, signer, terms, &mut |action| story.goes_on(&action.title))?;
    show_built(preview, plan, &built);
    (story.tell)(News::Stage(Stage::Validating));
    let outgoing = simulate::outgoing(plan, &built, snapshots)?;
    let offered = simulate::offer(plan, snapshots, &outgoing)?;
    let executed = simulate::execute(plan, snapshots, signer.address, &outgoing, &offered, &built)?;
    preview.simulation.status = Status::Success;
    let usd = show_executed(preview, plan, snapshots, signer, &executed)?;
    let asked: Vec<_> = built.iter().flat_map(|b: &Built| b.effects.iter().copied()).collect();
    simulate::conform(&executed, &asked)?;
    simulate::keep_to_gas_limit(plan, &executed, usd)?;
    if !signer.known && outgoing.iter().any(|tx| names(&tx.call.data, signer.address)) {
        let message =
            "The transactions name the account they act for. Give the wallet's address to get them.";
        return Err(Blocked::new("wallet_needed", message.into()).into());
    }
    preview.transactions = figures::transactions(&outgoing, &offered);
    let chains: Vec<&Snapshot> = plan.chains().iter().filter_map(|chain| snapshots.get(chain)).collect();
    let hash = figures::plan_hash(&preview.transactions, signer.address, &chains);
    preview.simulation.plan_hash = Some(hash);
    Ok(())
}

/// Whether calldata holds an account's address.
fn names(data: &[u8], account: Address) -> bool {
    data.windows(20).any(|window| window == account.as_slice())
}

fn show_built(preview: &mut Preview, plan: &Plan, built: &[Built]) {
    (preview.price_impact, preview.slippage) = figures::trade_figures(built);
    preview.steps = figures::steps(built);
    preview.valid_until = built.iter().filter_map(|b| b.deadline).min().map(Time);
    for warning in built.iter().flat_map(|b| &b.warnings) {
        warn(preview, warning.code, warning.message.clone());
    }
    for (step, bridge) in plan.after_a_bridge() {
        let place = &REGISTRY.chain(plan.steps[step].chain).name;
        let message = format!(
            "Step {} runs on {place} once step {} is filled there: its transactions are sent after that.",
            step + 1,
            bridge + 1
        );
        warn(preview, "after_fill", message);
    }
    for step in plan.steps_used_later() {
        // What is not traded is known exactly: nothing can be left over.
        let Some(output) = built.get(step).filter(|b| b.trade.is_some()).and_then(|b| b.output) else {
            continue;
        };
        let message = format!(
            "Later steps use the {} {} that step {} surely gives; what comes beyond that stays in the wallet.",
            output.amount,
            output.token.symbol,
            step + 1
        );
        warn(preview, "leftover", message);
    }
}

fn show_executed(
    preview: &mut Preview,
    plan: &Plan,
    snapshots: &Snapshots,
    signer: Signer,
    executed: &Executed,
) -> Result<Option<Usd>, StateError> {
    let mut markets = Markets::new(snapshots);
    let chains = plan.chains();
    let changes = |changes: &[_], markets: &mut Markets| {
        figures::balance_changes(changes, signer.address, &chains, markets)
    };
    preview.balance_changes = changes(&executed.changes(), &mut markets)?;
    for (step, own) in preview.steps.iter_mut().zip(&executed.steps) {
        step.balance_changes = changes(own, &mut markets)?;
    }
    let (fees, usd) = figures::fees(executed, &mut markets)?;
    preview.gas_estimate = usd.map(Usd::about);
    preview.fees = fees;
    for Warning { code, message } in &executed.warnings {
        warn(preview, code, message.clone());
    }
    Ok(usd)
}
