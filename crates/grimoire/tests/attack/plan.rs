//! What a preview's plan says, against what was asked.
//!
//! What comes in: a preview, and the request it answers. What goes out: whether something holds of its plan. What it
//! refuses to know: how it was made.

use serde_json::Value;

/// An address in a plan's parameters that nobody wrote.
pub(crate) fn ungrounded(document: &Value, sent: &str) -> Option<String> {
    let plan = document["preview"]["action_plan"]["actions"].to_string().to_lowercase();
    let sent = sent.to_lowercase();
    let found = plan.match_indices("\"0x").find_map(|(at, _)| {
        let address = plan.get(at + 1..at + 43)?;
        (!sent.contains(address)).then(|| address.to_owned())
    });
    found.map(|address| format!("{address} was not asked for"))
}

/// What the transactions approve, in base units.
pub(crate) fn approved(document: &Value) -> Vec<String> {
    let transactions = document["preview"]["transactions"].as_array();
    let amount = |transaction: &Value| {
        let data = transaction["data"].as_str()?.strip_prefix("0x095ea7b3")?;
        let value = data.get(64..128)?.trim_start_matches('0');
        Some(u128::from_str_radix(value, 16).map_or_else(|_| value.to_owned(), |n| n.to_string()))
    };
    transactions.into_iter().flatten().filter_map(amount).collect()
}

/// Whether something holds of a preview.
pub(crate) fn holds(document: &Value, what: &str, sent: &str) -> bool {
    let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
    let preview = &document["preview"];
    let amounts = || {
        let actions = preview["action_plan"]["actions"].as_array();
        let named = actions.into_iter().flatten().filter_map(|action| action["params"].as_object());
        let amount = |(name, value): (&String, &Value)| {
            name.starts_with("amount").then(|| value.as_str().map(str::to_owned)).flatten()
        };
        named.flat_map(|params| params.iter().filter_map(amount).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    match word {
        "amount" => amounts().iter().any(|amount| amount == rest),
        "not-amount" => amounts().iter().all(|amount| amount != rest),
        // Every digit of the amount was written, in this order.
        "asked" => amounts().iter().all(|amount| sent.replace([',', '_'], "").contains(amount.as_str())),
        "spends" => {
            let changes = preview["balance_changes"].to_string();
            changes.contains(&format!("-{rest}"))
        }
        "named" => preview.to_string().contains(rest),
        "charged" => preview["fees"]["l1_data_usd"].as_str().is_some(),
        _ => panic!("nothing is known of {what}"),
    }
}
