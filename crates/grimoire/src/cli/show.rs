//! A preview or a clarification for a person at a terminal, from what matters most to what matters least.

use grimoire_core::{
    clarification::Clarification,
    evm::Origin,
    preview::{BalanceChange, Preview, Status, Step, Time, Transaction},
};
use grimoire_registry::{ChainId, REGISTRY};

use super::{
    ask::{known, only_labels},
    out::{grouped, indented, readable, table, wrap},
};

/// Emphasis, where the reader can show it.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn around(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into() }
    }

    fn strong(self, text: &str) -> String {
        self.around("1", text)
    }

    fn alert(self, text: &str) -> String {
        self.around("33", text)
    }
}

/// The preview.
pub(super) fn preview(preview: &Preview, paint: Paint) -> String {
    let mut parts = vec![paint.strong(&wrap(&preview.summary))];
    if let Some(blocked) = &preview.blocked {
        parts.push(paint.alert(&wrap(&format!("Not executable: {}", blocked.message))));
    }
    parts.push(indented(&table(&changes(&preview.balance_changes))));
    parts.push(indented(&table(&facts(preview))));
    if preview.steps.len() > 1 {
        parts.extend(preview.steps.iter().map(|step| {
            let heading = format!("Step {}: {}", step.action + 1, step.title);
            let mut rows = facts_of(step);
            rows.extend(changes(&step.balance_changes));
            format!("{}\n{}", paint.strong(&heading), indented(&table(&rows)))
        }));
    }
    parts.push(warnings(&preview.warnings, paint));
    if !preview.transactions.is_empty() {
        let heading = paint.strong("Transactions to sign, in this order");
        parts.push(format!("{heading}\n{}", indented(&table(&transactions(&preview.transactions)))));
    }
    parts.push(footing(preview));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn changes(changes: &[BalanceChange]) -> Vec<Vec<String>> {
    let one_chain = changes.iter().all(|c| c.chain == changes[0].chain);
    let row = |change: &BalanceChange| {
        let out = change.amount.starts_with('-');
        let verb = match (&change.account, out) {
            _ if change.position.is_some() => position(change, out),
            (None, true) => "You send".into(),
            (None, false) => "You receive".into(),
            (Some(account), true) => format!("{account} sends"),
            (Some(account), false) => format!("{account} receives"),
        };
        let unsigned = |text: &str| grouped(text.trim_start_matches(['-', '+']));
        let usd = change.usd.as_ref().map_or(String::new(), |usd| format!("${}", unsigned(usd)));
        let venue = change.venue.and_then(|slug| REGISTRY.venue(slug)).map(|v| format!("at {}", v.name));
        let chain = (!one_chain).then(|| format!("on {}", chain_name(&change.chain)));
        let place = venue.into_iter().chain(chain).collect::<Vec<_>>().join(" ");
        vec![verb, format!("{} {}", unsigned(&change.amount), change.token), usd, place]
    };
    changes.iter().map(row).collect()
}

/// What happens to a position: `You owe`, `You lend` …
fn position(change: &BalanceChange, shrinks: bool) -> String {
    let verb = match (change.position, shrinks) {
        (Some("debt"), false) => "You owe",
        (Some("debt"), true) => "You no longer owe",
        (Some("collateral"), false) => "You lock as collateral",
        (Some("collateral"), true) => "You unlock",
        (_, false) => "You lend",
        (_, true) => "You no longer lend",
    };
    verb.into()
}

fn facts(preview: &Preview) -> Vec<Vec<String>> {
    let blocks = &preview.simulation.blocks;
    let names: Vec<String> = match blocks.as_slice() {
        [] => vec![chain_name(&preview.action_plan.chain)],
        several => several.iter().map(|block| chain_name(&block.chain)).collect(),
    };
    let mut rows = vec![vec![if names.len() > 1 { "Chains" } else { "Chain" }.to_owned(), names.join(", ")]];
    if let [step] = preview.steps.as_slice() {
        rows.extend(facts_of(step));
    }
    let mut fact =
        |label: &str, value: Option<String>| rows.extend(value.map(|value| vec![label.to_owned(), value]));
    fact("Price impact", preview.price_impact.clone());
    fact("Slippage", preview.slippage.as_ref().map(|slippage| format!("at most {slippage}")));
    let gas = preview
        .fees
        .gas_units
        .map_or(String::new(), |units| format!(" ({} gas)", grouped(&units.to_string())));
    fact("Network fee", preview.gas_estimate.as_ref().map(|usd| format!("{usd}{gas}")));
    fact("Valid until", preview.valid_until.map(|time| format!("{}, chain time", date(time))));
    rows
}

fn facts_of(step: &Step) -> Vec<Vec<String>> {
    step.facts.iter().map(|fact| vec![fact.label.to_owned(), readable(&fact.value)]).collect()
}

fn warnings(warnings: &[String], paint: Paint) -> String {
    let lines =
        |warning: &String| wrap(&format!("! {warning}")).lines().map(|l| paint.alert(l)).collect::<Vec<_>>();
    indented(&warnings.iter().flat_map(lines).collect::<Vec<_>>().join("\n"))
}

fn transactions(transactions: &[Transaction]) -> Vec<Vec<String>> {
    let one_chain = transactions.iter().all(|t| t.chain_id == transactions[0].chain_id);
    let chain = |id| ChainId::ALL.into_iter().map(|c| REGISTRY.chain(c)).find(|c| c.chain_id == id);
    let row = |(i, t): (usize, &Transaction)| {
        let gas = format!("gas limit {}", grouped(&t.gas_limit.to_string()));
        let place = chain(t.chain_id).filter(|_| !one_chain).map(|c| format!("on {}", c.name));
        let mut row =
            vec![format!("{}.", i + 1), t.title.clone(), format!("to {}", t.to.to_checksum(None)), gas];
        row.extend(place);
        row
    };
    transactions.iter().enumerate().map(row).collect()
}

/// Says plainly what kind of chain this was.
fn footing(preview: &Preview) -> String {
    let block = preview.simulation.block;
    let outcome = match preview.simulation.status {
        Status::Success => "Simulated",
        Status::Reverted => "Simulated, and refused there,",
        Status::NotRun => "Checked, but not simulated,",
    };
    wrap(&match preview.simulation.source {
        Origin::Sandbox => format!(
            "{outcome} on the built-in sandbox at block {}: not a live chain. The protocols' code is real; prices, \
             depth and balances are invented. Nothing was signed or sent.",
            block.number
        ),
        Origin::Live => format!(
            "{outcome} on the live chain as of block {} ({}). Nothing was signed or sent.",
            block.number,
            date(Time(block.timestamp))
        ),
    })
}

fn chain_name(id: &str) -> String {
    id.parse::<ChainId>().map_or_else(|_| id.into(), |chain| REGISTRY.chain(chain).name.clone())
}

fn date(time: Time) -> String {
    time.to_string().replace('T', " ").replace('Z', " UTC")
}

/// The questions, as they stand when nobody is there to answer.
pub(super) fn clarification(clarification: &Clarification, paint: Paint) -> String {
    let several = clarification.fields.len() > 1;
    let said_below = several && only_labels(clarification);
    let heading = if said_below { "Before this can be planned:" } else { &clarification.message };
    let mut parts = vec![paint.strong(&wrap(heading))];
    parts.extend(clarification.fields.iter().filter(|f| several || !f.options.is_empty()).map(|field| {
        let label = (several || !only_labels(clarification)).then(|| field.label.clone());
        let option = |value: &String| {
            let detail = field.option_details.iter().find(|d| d.value == *value);
            format!("{value}{}", detail.map_or(String::new(), known))
        };
        let told = field.option_details.iter().any(|d| !known(d).is_empty());
        let options: Vec<String> = field.options.iter().map(option).collect();
        let options = if told { options } else { options.join(", ").lines().map(str::to_owned).collect() };
        let rows = label.into_iter().chain(options).enumerate();
        let rows = rows.map(|(i, text)| vec![if i == 0 { field.id.clone() } else { String::new() }, text]);
        indented(&table(&rows.collect::<Vec<_>>()))
    }));
    parts.join("\n\n")
}
