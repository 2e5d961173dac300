//! A plan said in plain English reads back to the same plan.

use grimoire_lang::{Action, ActionKind, Intent, Outcome, Role, Source, Sourced, readback::read_back};
use proptest::prelude::*;

use crate::support::{LEXICON, plan, read};

fn amount() -> impl Strategy<Value = String> {
    let number = (1u32..2_000_000, 0u32..4).prop_map(|(n, scale)| {
        let unit = 10u32.pow(scale);
        if n % unit == 0 {
            format!("{}", n / unit)
        } else {
            format!("{}.{:0width$}", n / unit, n % unit, width = scale as usize)
                .trim_end_matches('0')
                .to_owned()
        }
    });
    prop_oneof![
        number.clone(),
        number.clone().prop_map(|n| format!("${n}")),
        (1u32..100).prop_map(|p| format!("{p}%")),
        Just("all".to_owned()),
        number.clone().prop_map(|n| format!("all-{n}")),
        number.prop_map(|n| format!("min(all,{n})")),
        Just("1/3".to_owned()),
    ]
}

fn exact(amount: &str) -> bool {
    amount.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn action(kind: ActionKind, values: &[(Role, &str)]) -> Action {
    let mut values: Vec<(Role, Sourced)> = values
        .iter()
        .map(|(r, v)| (*r, Sourced { value: (*v).to_owned(), source: Source::Context }))
        .collect();
    values.sort_by_key(|(r, _)| *r);
    Action { kind, values }
}

fn one() -> impl Strategy<Value = Action> {
    let token = prop::sample::select(vec!["USDC", "DAI", "WETH", "ETH", "LINK", "UNI"]);
    let chain = prop::sample::select(vec!["ethereum", "arbitrum", "optimism"]);
    let market = prop::sample::select(vec!["aave_v3", "morpho_blue"]);
    (0usize..8, amount(), token, chain, market).prop_map(|(kind, amount, token, chain, market)| match kind {
        0 => {
            let out = if token == "USDC" { "UNI" } else { "USDC" };
            let base = [
                (Role::Chain, chain),
                (Role::Venue, "uniswap_v3"),
                (Role::TokenIn, token),
                (Role::TokenOut, out),
            ];
            let side = if exact(&amount) && amount.len() % 2 == 0 { Role::AmountOut } else { Role::AmountIn };
            action(
                ActionKind::Swap,
                &[&base[..], &[(side, amount.as_str()), (Role::MaxSlippage, "0.5%")]].concat(),
            )
        }
        1..=4 => {
            let kind =
                [ActionKind::Deposit, ActionKind::Withdraw, ActionKind::Repay, ActionKind::Borrow][kind - 1];
            let amount = if kind == ActionKind::Borrow && !exact(&amount) { "25".to_owned() } else { amount };
            action(
                kind,
                &[(Role::Chain, chain), (Role::Venue, market), (Role::Token, token), (Role::Amount, &amount)],
            )
        }
        5 => action(
            ActionKind::Bridge,
            &[
                (Role::Chain, chain),
                (Role::ToChain, "base"),
                (Role::Venue, "across"),
                (Role::Token, "USDC"),
                (Role::Amount, &amount),
            ],
        ),
        6 => action(
            ActionKind::Transfer,
            &[
                (Role::Chain, chain),
                (Role::Token, token),
                (Role::Amount, &amount),
                (Role::Recipient, "alice.eth"),
            ],
        ),
        _ => action(ActionKind::Wrap, &[(Role::Chain, chain), (Role::Token, "ETH"), (Role::Amount, &amount)]),
    })
}

fn reads_back(intent: &Intent) -> Result<(), TestCaseError> {
    let said = read_back(intent, &LEXICON);
    let reading = read(&said, None);
    match &reading.outcome {
        Outcome::Plan(got) => prop_assert_eq!(plan(got, None), plan(intent, None), "{}", said),
        Outcome::Ask(questions) => {
            prop_assert!(false, "“{said}” asks {:?}", questions.iter().map(|q| &q.label).collect::<Vec<_>>());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn one_action_reads_back(action in one()) {
        reads_back(&Intent { actions: vec![action], notes: Vec::new() })?;
    }
}

#[test]
fn a_chain_of_actions_reads_back() {
    let swap = action(
        ActionKind::Swap,
        &[
            (Role::Chain, "arbitrum"),
            (Role::Venue, "uniswap_v3"),
            (Role::TokenIn, "ETH"),
            (Role::TokenOut, "USDC"),
            (Role::AmountIn, "2"),
        ],
    );
    let half = action(
        ActionKind::Deposit,
        &[
            (Role::Chain, "arbitrum"),
            (Role::Venue, "aave_v3"),
            (Role::Token, "USDC"),
            (Role::Amount, "50% step1"),
        ],
    );
    let rest = action(
        ActionKind::Bridge,
        &[
            (Role::Chain, "arbitrum"),
            (Role::ToChain, "base"),
            (Role::Venue, "across"),
            (Role::Token, "USDC"),
            (Role::Amount, "rest step1"),
        ],
    );
    let last = action(
        ActionKind::Deposit,
        &[
            (Role::Chain, "base"),
            (Role::Venue, "morpho_blue"),
            (Role::Token, "USDC"),
            (Role::Amount, "step3"),
        ],
    );
    let intent = Intent { actions: vec![swap, half, rest, last], notes: Vec::new() };
    reads_back(&intent).expect("it reads back");
}
