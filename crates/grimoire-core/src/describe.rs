//! A plan in words and in canonical form: what was understood, and which words it came from.

use std::collections::BTreeMap;

use grimoire_lang::{ActionKind, Amount, Intent, Role, Source, Take};
use grimoire_registry::{ChainId, REGISTRY};
use serde_json::{Map, Value};

use crate::preview::{ActionPlan, PlannedAction, Provenance, Trigger};

/// The plan as the language gave it.
#[must_use]
pub fn action_plan(intent: &Intent) -> ActionPlan {
    let chain = intent.actions.first().and_then(|a| a.get(Role::Chain)).unwrap_or_default().to_owned();
    let action = |a: &grimoire_lang::Action| PlannedAction {
        kind: a.kind.as_str().into(),
        venue: a.get(Role::Venue).map(Into::into),
        chain: a.get(Role::Chain).filter(|c| *c != chain).map(Into::into),
        params: params(a),
    };
    ActionPlan {
        actions: intent.actions.iter().map(action).collect(),
        chain: chain.clone(),
        trigger: Trigger::Manual,
    }
}

fn params(action: &grimoire_lang::Action) -> Map<String, Value> {
    let own = action.values.iter().filter(|(role, _)| !matches!(role, Role::Chain | Role::Venue));
    own.map(|(role, s)| (role.as_str().to_owned(), Value::String(s.value.clone()))).collect()
}

/// For each value of the plan, where it came from.
#[must_use]
pub fn provenance(intent: &Intent) -> BTreeMap<String, Provenance> {
    let mut all = BTreeMap::new();
    for (index, action) in intent.actions.iter().enumerate() {
        for (role, sourced) in &action.values {
            let key = match role {
                Role::Chain | Role::Venue => format!("actions[{index}].{role}"),
                _ => format!("actions[{index}].params.{role}"),
            };
            all.insert(key, source(&sourced.source));
        }
    }
    all
}

fn source(source: &Source) -> Provenance {
    let given = |name: &str| Provenance::Given { source: name.into() };
    match source {
        Source::Words(spans) => match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => {
                Provenance::Words { turn: first.turn, start: first.start, end: last.end }
            }
            _ => given("words"),
        },
        Source::Answer { .. } => given("answer"),
        Source::Context => given("context"),
        Source::Rule { name, .. } => given(name),
    }
}

/// One sentence for all actions.
#[must_use]
pub fn summary(titles: &[String]) -> String {
    titles.iter().enumerate().map(|(index, title)| clause(index, title)).collect()
}

/// What an action adds to the summary of those before it.
#[must_use]
pub fn clause(index: usize, title: &str) -> String {
    if index == 0 {
        return title.to_owned();
    }
    let mut letters = title.chars();
    let first: String = letters.next().map(|c| c.to_ascii_lowercase()).into_iter().collect();
    format!(", then {first}{}", letters.as_str())
}

/// An action in words where it was never built: what was asked, in canonical values.
#[must_use]
pub fn asked(action: &grimoire_lang::Action) -> String {
    let get = |role| action.get(role).unwrap_or_default();
    let venue = REGISTRY.venue(get(Role::Venue)).map(|v| v.name.as_str()).unwrap_or_default();
    let (amount, token) = (how_much(get(Role::Amount)), get(Role::Token));
    match action.kind {
        ActionKind::Swap => match action.get(Role::AmountOut) {
            Some(out) => {
                format!("Swap {} to exactly {out} {} via {venue}", get(Role::TokenIn), get(Role::TokenOut))
            }
            None => format!(
                "Swap {} {} to {} via {venue}",
                how_much(get(Role::AmountIn)),
                get(Role::TokenIn),
                get(Role::TokenOut)
            ),
        },
        ActionKind::Deposit => format!("Deposit {amount} {token} into {venue}"),
        ActionKind::Withdraw => format!("Withdraw {amount} {token} from {venue}"),
        ActionKind::Borrow => format!("Borrow {amount} {token} from {venue}"),
        ActionKind::Repay => format!("Repay {amount} {token} to {venue}"),
        ActionKind::Bridge => {
            let to = get(Role::ToChain);
            let to = to.parse::<ChainId>().map_or(to, |chain| REGISTRY.chain(chain).name.as_str());
            format!("Bridge {amount} {token} to {to} via {venue}")
        }
        ActionKind::Transfer => format!("Send {amount} {token} to {}", get(Role::Recipient)),
        ActionKind::Wrap => format!("Wrap {amount} {token}"),
        ActionKind::Unwrap => format!("Unwrap {amount} {token}"),
    }
}

/// A canonical amount in words, before the token it is of.
fn how_much(text: &str) -> String {
    let (steps, take) = match text.parse() {
        Ok(Amount::Output(steps, take)) => (steps, take),
        Ok(Amount::Usd(usd)) => return format!("${usd} of"),
        Ok(Amount::Balance(take)) => {
            return match take {
                Take::All => "all".into(),
                Take::Rest => "the rest of the".into(),
                Take::Percent(percent) => format!("{percent}% of the"),
                Take::Fraction(n, d) => format!("{n}/{d} of the"),
                Take::AllBut(less) => format!("all but {less}"),
                Take::AtMost(most) => format!("up to {most}"),
            };
        }
        _ => return text.to_owned(),
    };
    let steps: Vec<String> = steps.iter().map(|step| format!("step {step}")).collect();
    let given = format!("what {} gives in", steps.join(" and "));
    match take {
        Take::All => given,
        Take::Rest => format!("the rest of {given}"),
        Take::Percent(percent) => format!("{percent}% of {given}"),
        Take::Fraction(n, d) => format!("{n}/{d} of {given}"),
        Take::AllBut(less) => format!("all but {less} of {given}"),
        Take::AtMost(most) => format!("at most {most} of {given}"),
    }
}
