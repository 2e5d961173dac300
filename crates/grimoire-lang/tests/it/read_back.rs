//! A plan said in plain English reads back to the same plan, whatever the plan.

use std::collections::BTreeSet;

use grimoire_lang::{ActionKind, Amount, Intent, Outcome, Role, readback::read_back};
use proptest::{prelude::*, test_runner::RngSeed};

use crate::draw::Draw;
use crate::engine::{LEXICON, plan, read};
use crate::intents::{FORMS, ROLES, TAKES, form_name, intent, role_name, take_name};

fn reads_back(intent: &Intent) -> Result<(), String> {
    let said = read_back(intent, &LEXICON);
    let want = plan(intent, None);
    match &read(&said, None).outcome {
        Outcome::Plan(got) if plan(got, None) == want => Ok(()),
        Outcome::Plan(got) => Err(format!("“{said}”\n  want {want}\n  have {}", plan(got, None))),
        Outcome::Ask(questions) => {
            let asked: Vec<_> = questions.iter().map(|q| &q.label).collect();
            Err(format!("“{said}”\n  want {want}\n  asks {asked:?}"))
        }
    }
}

proptest! {
    // A fixed seed: the fuzz target is there for new cases.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(15_000)
    })]

    #[test]
    fn every_plan_reads_back(choices in prop::collection::vec(any::<u16>(), 1..160)) {
        reads_back(&intent(&mut Draw::new(choices))).map_err(TestCaseError::fail)?;
    }
}

/// The roles a kind of action has: what must be there, and what may.
fn roles(kind: ActionKind) -> Vec<Role> {
    use Role::{
        Amount, AmountIn, AmountOut, As, Chain, Collateral, Deadline, MaxGas, MaxIn, MaxSlippage, MinOut,
        Recipient, ToChain, Token, TokenIn, TokenOut, Venue,
    };
    let own: &[Role] = match kind {
        ActionKind::Swap => {
            &[Venue, TokenIn, TokenOut, AmountIn, AmountOut, Recipient, MaxSlippage, MinOut, MaxIn]
        }
        ActionKind::Deposit => &[Venue, Token, Amount, As],
        ActionKind::Withdraw | ActionKind::Repay => &[Venue, Token, Amount],
        ActionKind::Borrow => &[Venue, Token, Amount, Collateral],
        ActionKind::Bridge => &[ToChain, Venue, Token, Amount, Recipient],
        ActionKind::Transfer => &[Token, Amount, Recipient],
        ActionKind::Wrap | ActionKind::Unwrap => &[Token, Amount],
    };
    [own, &[Chain, MaxGas, Deadline]].concat()
}

/// The forms of an amount a role of an action can have.
fn forms(kind: ActionKind, role: Role) -> Vec<String> {
    let all = |name: &'static str| TAKES.iter().map(move |t| format!("{name} {t}"));
    let mut out: Vec<String> = Vec::new();
    for form in FORMS {
        match *form {
            "balance" => out.extend(all("balance")),
            "output" => out.extend(all("output")),
            other => out.push(other.to_owned()),
        }
    }
    let position = matches!(kind, ActionKind::Withdraw | ActionKind::Borrow | ActionKind::Repay);
    out.retain(|form| match (kind, role) {
        (ActionKind::Swap, Role::AmountOut) => form == "exact",
        // What is taken out of a market is no earlier output; a loan is no share of anything.
        (ActionKind::Borrow, _) => !form.starts_with("balance") && !form.starts_with("output"),
        (ActionKind::Withdraw, _) => !form.starts_with("output") && form != "balance rest",
        _ => !(position && form == "balance rest"),
    });
    out
}

fn form(amount: &Amount) -> String {
    let name = form_name(amount);
    match amount {
        Amount::Exact(_) | Amount::Usd(_) => name.to_owned(),
        Amount::Balance(take) | Amount::Output(_, take) => format!("{name} {}", take_name(take)),
    }
}

#[test]
fn the_random_plans_leave_nothing_of_the_type_out() {
    let (mut seen, mut sums, mut named) = (BTreeSet::new(), 0, BTreeSet::new());
    for seed in 0..60_000 {
        let intent = intent(&mut Draw::seeded(seed, 160));
        for action in &intent.actions {
            for (role, value) in &action.values {
                named.insert(role_name(role));
                seen.insert((action.kind.as_str(), *role, String::new()));
                if matches!(role, Role::Amount | Role::AmountIn | Role::AmountOut) {
                    let amount: Amount = value.value.parse().expect("an amount");
                    sums += usize::from(matches!(&amount, Amount::Output(steps, _) if steps.len() > 1));
                    seen.insert((action.kind.as_str(), *role, form(&amount)));
                }
                if matches!(role, Role::Chain | Role::ToChain | Role::Venue) {
                    seen.insert((action.kind.as_str(), *role, value.value.clone()));
                }
            }
        }
    }
    assert_eq!(named.len(), ROLES.len(), "roles that no plan has: {named:?}");
    assert!(sums > 100, "{sums} sums of outputs");
    let mut want = BTreeSet::new();
    for kind in ActionKind::ALL {
        for role in roles(kind) {
            want.insert((kind.as_str(), role, String::new()));
            let names: Vec<String> = match role {
                Role::Amount | Role::AmountIn | Role::AmountOut => forms(kind, role),
                Role::Chain | Role::ToChain => {
                    crate::engine::VOCABULARY.chains.iter().map(|c| c.id.clone()).collect()
                }
                Role::Venue => {
                    let venues = crate::engine::VOCABULARY.venues.iter();
                    venues.filter(|v| v.actions.contains(&kind)).map(|v| v.id.clone()).collect()
                }
                _ => Vec::new(),
            };
            want.extend(names.into_iter().map(|n| (kind.as_str(), role, n)));
        }
    }
    let missing: Vec<_> = want.difference(&seen).collect();
    let extra: Vec<_> = seen.difference(&want).collect();
    assert!(missing.is_empty() && extra.is_empty(), "never made: {missing:?}\nnot listed: {extra:?}");
}
