//! What a venue says of a step, for a person.

use grimoire_core::preview::{Preview, Step};
use serde_json::{Map, Value};

use super::out::grouped;

/// Details that say for a program what the rest of the preview says for a person.
const SAID_ELSEWHERE: [&str; 7] =
    ["amount_in", "amount_out", "min_out", "max_in", "deadline", "ticks_crossed", "route"];

/// Labelled facts: the bound that holds whatever the market does, the route, and whatever else there is.
pub(super) fn facts(preview: &Preview, step: &Step) -> Vec<Vec<String>> {
    let params = preview.action_plan.actions.get(step.action).map(|action| &action.params);
    let mut rows: Vec<_> = bound(&step.details, params).into_iter().collect();
    rows.extend(step.details.get("route").and_then(route).map(|route| vec!["Route".into(), route]));
    let rest = step.details.iter().filter(|(key, _)| !SAID_ELSEWHERE.contains(&key.as_str()));
    rows.extend(rest.map(|(key, value)| vec![label(key), plain(value)]));
    rows
}

/// The least that arrives, or, where the output is fixed, the most that leaves.
fn bound(details: &Map<String, Value>, params: Option<&Map<String, Value>>) -> Option<Vec<String>> {
    let text = |key: &str| details.get(key).and_then(Value::as_str);
    let token = |key: &str| params.and_then(|p| p.get(key)).and_then(Value::as_str).unwrap_or_default();
    let fixed_in = text("amount_in") == text("max_in");
    let (label, amount, token) = match fixed_in {
        true => ("Minimum received", text("min_out")?, token("token_out")),
        false => ("Maximum sent", text("max_in")?, token("token_in")),
    };
    Some(vec![label.into(), format!("{} {token}", grouped(amount))])
}

/// `USDC → WETH → LINK (pools of 0.05%, 0.30%)`
fn route(route: &Value) -> Option<String> {
    let hops = route.as_array()?;
    let text = |hop: &Value, key: &str| hop.get(key).and_then(Value::as_str).map(str::to_owned);
    let first = hops.first().and_then(|hop| text(hop, "token_in"))?;
    let tokens: Option<Vec<_>> =
        std::iter::once(Some(first)).chain(hops.iter().map(|hop| text(hop, "token_out"))).collect();
    let fees: Option<Vec<_>> = hops.iter().map(|hop| text(hop, "fee")).collect();
    let pools = if hops.len() == 1 { "pool" } else { "pools" };
    Some(format!("{} ({} {pools})", tokens?.join(" → "), fees?.join(" and ")))
}

/// `health_factor` is `Health factor`.
fn label(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}
