//! The checker kills mutants: a plan with one thing changed does not pass.

use grimoire_lang::check::{Evidence, check};
use grimoire_lang::{Intent, Outcome, Role, Span};
use grimoire_registry::REGISTRY;

use crate::support::{examples, read};

struct Case {
    say: String,
    intent: Intent,
    roles: Vec<(Span, String)>,
}

fn plans() -> Vec<Case> {
    let mut cases = Vec::new();
    for example in examples() {
        let reading = read(&example.say, example.chain.as_deref());
        if let Outcome::Plan(intent) = reading.outcome {
            let roles = reading.words.into_iter().map(|w| (w.span, w.role)).collect();
            cases.push(Case { say: example.say, intent, roles });
        }
    }
    assert!(cases.len() > 60, "only {} plans to mutate", cases.len());
    cases
}

fn passes(case: &Case, intent: &Intent) -> bool {
    let vocabulary = REGISTRY.vocabulary();
    let evidence = Evidence { messages: &[&case.say], roles: &case.roles, vocabulary: &vocabulary };
    check(&evidence, intent).is_ok()
}

/// Runs a mutation over every plan: `None` where it does not apply.
fn killed(name: &str, mutate: impl Fn(&Intent) -> Option<Intent>) {
    let (mut applied, mut alive) = (0, Vec::new());
    for case in plans() {
        let Some(mutant) = mutate(&case.intent).filter(|m| *m != case.intent) else { continue };
        applied += 1;
        if passes(&case, &mutant) {
            alive.push(case.say);
        }
    }
    assert!(applied > 5, "{name} applied to {applied} plans");
    assert!(alive.is_empty(), "{name} survived in:\n{}", alive.join("\n"));
}

#[test]
fn the_plans_themselves_pass() {
    for case in plans() {
        assert!(passes(&case, &case.intent), "{}", case.say);
    }
}

#[test]
fn swapped_tokens_are_killed() {
    killed("tokens swapped", |intent| {
        let mut mutant = intent.clone();
        let action = mutant.actions.iter_mut().find(|a| a.get(Role::TokenIn).is_some())?;
        let (input, output) =
            (action.sourced(Role::TokenIn)?.clone(), action.sourced(Role::TokenOut)?.clone());
        for (role, value) in &mut action.values {
            match role {
                Role::TokenIn => *value = output.clone(),
                Role::TokenOut => *value = input.clone(),
                _ => {}
            }
        }
        Some(mutant)
    });
}

#[test]
fn a_changed_amount_is_killed() {
    killed("amount changed", |intent| {
        let mut mutant = intent.clone();
        let amounts = [Role::Amount, Role::AmountIn, Role::AmountOut];
        let (_, value) = mutant.actions[0].values.iter_mut().find(|(r, _)| amounts.contains(r))?;
        value.value = if value.value == "all" { "7".into() } else { "all".into() };
        Some(mutant)
    });
    killed("digits changed", |intent| {
        let mut mutant = intent.clone();
        let amounts = [Role::Amount, Role::AmountIn, Role::AmountOut];
        let (_, value) = mutant.actions[0].values.iter_mut().find(|(r, _)| amounts.contains(r))?;
        if !value.value.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        value.value = value.value.replacen(|c: char| c.is_ascii_digit(), "9", 1).replace("99", "98");
        Some(mutant)
    });
}

#[test]
fn a_changed_token_is_killed() {
    killed("token changed", |intent| {
        let mut mutant = intent.clone();
        let said = |v: &grimoire_lang::Sourced| matches!(v.source, grimoire_lang::Source::Words(_));
        let (_, value) = mutant.actions[0]
            .values
            .iter_mut()
            .find(|(r, v)| matches!(r, Role::Token | Role::TokenIn) && said(v))?;
        value.value = if value.value == "UNI" { "AAVE".into() } else { "UNI".into() };
        Some(mutant)
    });
}

#[test]
fn a_dropped_chain_is_killed() {
    killed("chain dropped", |intent| {
        let mut mutant = intent.clone();
        let mut dropped = false;
        for action in &mut mutant.actions {
            let before = action.values.len();
            action.values.retain(|(r, _)| !matches!(r, Role::Chain));
            dropped |= action.values.len() < before;
        }
        dropped.then_some(mutant)
    });
    killed("destination changed", |intent| {
        let mut mutant = intent.clone();
        let (_, value) =
            mutant.actions.iter_mut().flat_map(|a| &mut a.values).find(|(r, _)| *r == Role::ToChain)?;
        value.value = "optimism".into();
        Some(mutant)
    });
}

#[test]
fn a_dropped_action_is_killed() {
    killed("last action dropped", |intent| {
        let mut mutant = intent.clone();
        (mutant.actions.len() > 1).then(|| mutant.actions.pop())?;
        Some(mutant)
    });
}

#[test]
fn a_changed_venue_or_recipient_is_killed() {
    killed("venue changed", |intent| {
        let mut mutant = intent.clone();
        let (_, value) = mutant.actions[0].values.iter_mut().find(|(r, _)| *r == Role::Venue)?;
        value.value = if value.value == "aave_v3" { "morpho_blue".into() } else { "aave_v3".into() };
        Some(mutant)
    });
    killed("recipient changed", |intent| {
        let mut mutant = intent.clone();
        let (_, value) =
            mutant.actions.iter_mut().flat_map(|a| &mut a.values).find(|(r, _)| *r == Role::Recipient)?;
        value.value = "mallory.eth".into();
        Some(mutant)
    });
}

#[test]
fn a_lost_bound_is_killed() {
    killed("last value dropped", |intent| {
        let mut mutant = intent.clone();
        let action = mutant.actions.last_mut()?;
        let said = matches!(action.values.last()?.1.source, grimoire_lang::Source::Words(_));
        said.then(|| action.values.pop())?;
        Some(mutant)
    });
}
