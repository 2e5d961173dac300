//! A preview or a clarification for a person at a terminal.

use grimoire_core::{
    clarification::Clarification,
    evm::Origin,
    preview::{Preview, Status},
};
use serde_json::Value;

use super::out::table;

/// Emphasis, where the reader can show it.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into() }
    }

    fn strong(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn alert(self, text: &str) -> String {
        self.wrap("33", text)
    }
}

/// The preview, from what matters most to what matters least.
pub(super) fn preview(preview: &Preview, paint: Paint) -> String {
    let mut parts = vec![paint.strong(&preview.summary)];
    if let Some(blocked) = &preview.blocked {
        parts.push(paint.alert(&format!("Not executable: {}", blocked.message)));
    }
    parts.push(indented(&table(&changes(preview))));
    parts.push(indented(&table(&facts(preview))));
    if !preview.warnings.is_empty() {
        let lines: Vec<_> = preview.warnings.iter().map(|w| paint.alert(&format!("! {w}"))).collect();
        parts.push(indented(&lines.join("\n")));
    }
    if !preview.transactions.is_empty() {
        let heading = "Transactions to sign, in this order";
        parts.push(format!("{}\n{}", paint.strong(heading), indented(&table(&transactions(preview)))));
    }
    parts.push(footing(preview));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn changes(preview: &Preview) -> Vec<Vec<String>> {
    let row = |change: &grimoire_core::preview::BalanceChange| {
        let leaves = change.amount.starts_with('-');
        let verb = match (&change.account, leaves) {
            (None, true) => "You send".into(),
            (None, false) => "You receive".into(),
            (Some(account), true) => format!("{account} sends"),
            (Some(account), false) => format!("{account} receives"),
        };
        let amount = format!("{} {}", change.amount.trim_start_matches(['-', '+']), change.token);
        let usd = change
            .usd
            .as_ref()
            .map_or(String::new(), |usd| format!("${}", usd.trim_start_matches(['-', '+'])));
        vec![verb, amount, usd, format!("on {}", change.chain)]
    };
    preview.balance_changes.iter().map(row).collect()
}

fn facts(preview: &Preview) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut fact = |label: &str, value: &Option<String>| {
        if let Some(value) = value {
            rows.push(vec![label.to_owned(), value.clone()]);
        }
    };
    fact("Price impact", &preview.price_impact);
    fact("Slippage", &preview.slippage);
    let gas = preview.fees.gas_units.map_or(String::new(), |units| format!(" ({units} gas)"));
    fact("Network fee", &preview.gas_estimate.as_ref().map(|usd| format!("{usd}{gas}")));
    fact("Valid until", &preview.valid_until.map(|time| time.to_string()));
    let many = preview.steps.len() > 1;
    for (i, step) in preview.steps.iter().enumerate() {
        if many {
            rows.push(vec![format!("Step {}", i + 1), step.title.clone()]);
        }
        rows.extend(step.details.iter().map(|(key, value)| vec![label(key), text(value)]));
    }
    rows
}

/// `min_out` is `Min out`.
fn label(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(" → "),
        other => other.to_string(),
    }
}

fn transactions(preview: &Preview) -> Vec<Vec<String>> {
    let row = |(i, t): (usize, &grimoire_core::preview::Transaction)| {
        let to = format!("to {}", t.to.to_checksum(None));
        vec![format!("{}.", i + 1), t.title.clone(), to, format!("gas limit {}", t.gas_limit)]
    };
    preview.transactions.iter().enumerate().map(row).collect()
}

fn footing(preview: &Preview) -> String {
    let block = preview.simulation.block;
    let outcome = match preview.simulation.status {
        Status::Success => "Simulated",
        Status::Reverted => "Simulated, and refused,",
        Status::NotRun => "Not simulated;",
    };
    match preview.simulation.source {
        Origin::Sandbox => format!(
            "{outcome} on the built-in sandbox (block {}), not on a live chain: the protocols' code is real,\n\
             prices, depth and balances are invented. Nothing was signed or sent.",
            block.number
        ),
        Origin::Live => {
            format!("{outcome} on the live chain at block {}. Nothing was signed or sent.", block.number)
        }
    }
}

/// The questions, as they stand when nobody is there to answer.
pub(super) fn clarification(clarification: &Clarification, paint: Paint) -> String {
    let mut lines = vec![paint.strong(&clarification.message), String::new()];
    for field in &clarification.fields {
        lines.push(format!("  {}: {}", field.id, field.label));
        if !field.options.is_empty() {
            lines.push(format!("    one of {}", field.options.join(", ")));
        }
    }
    lines.join("\n").trim_end().to_owned()
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
