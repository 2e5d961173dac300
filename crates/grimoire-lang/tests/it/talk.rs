//! Conversations: answers, fragments and corrections.

use grimoire_lang::{Context, Draft, Turn, understand};

use crate::engine::{LEXICON, outcome};

/// A turn: what is said or answered, and what it comes to.
type Line<'l> = (&'l str, &'l [(&'l str, &'l str)], &'l str);

fn talk(chain: Option<&str>, lines: &[Line<'_>]) {
    let context = Context { chain: chain.map(str::to_owned) };
    let mut draft: Option<Draft> = None;
    for (message, answers, want) in lines {
        let answers: Vec<(String, String)> =
            answers.iter().map(|(f, v)| ((*f).to_owned(), (*v).to_owned())).collect();
        let turn = Turn { message: Some(*message).filter(|m| !m.is_empty()), answers: &answers };
        let got = match understand(&turn, draft.as_ref(), &context, &LEXICON) {
            Ok(reading) => {
                let got = outcome(&reading, chain);
                draft = Some(reading.draft);
                got
            }
            Err(errors) => format!(
                "error {}",
                errors.iter().map(|e| format!("{} {}", e.field, e.code)).collect::<Vec<_>>().join(" ")
            ),
        };
        assert_eq!(&got, want, "after “{message}” {answers:?}");
    }
}

#[test]
fn answers_complete_a_draft() {
    talk(
        Some("base"),
        &[
            ("swap 100 USDC", &[], "ask token_out"),
            (
                "",
                &[("token_out", "WETH")],
                "plan swap venue=uniswap_v3 token_in=USDC token_out=WETH amount_in=100",
            ),
            (
                "",
                &[("amount", "1.5k")],
                "plan swap venue=uniswap_v3 token_in=USDC token_out=WETH amount_in=1500",
            ),
        ],
    );
}

#[test]
fn a_wrong_answer_names_its_field_and_applies_nothing() {
    talk(
        Some("arbitrum"),
        &[
            ("lend DAI", &[], "ask venue amount"),
            ("", &[("venue", "aave_v3"), ("amount", "lots")], "error amount invalid_value"),
            ("", &[("colour", "red")], "error colour unknown_field"),
            ("", &[("venue", "Aave V3"), ("amount", "5")], "plan deposit venue=aave_v3 token=DAI amount=5"),
        ],
    );
}

#[test]
fn fragments_fill_and_correct() {
    talk(
        Some("ethereum"),
        &[
            ("Lend 3,000 DAI", &[], "ask venue"),
            ("aave", &[], "plan deposit venue=aave_v3 token=DAI amount=3000"),
            ("no, make it 200", &[], "plan deposit venue=aave_v3 token=DAI amount=200"),
            ("use max", &[], "plan deposit venue=aave_v3 token=DAI amount=all"),
            ("actually on base", &[], "plan deposit chain=base venue=aave_v3 token=DAI amount=all"),
            ("cancel", &[], "ask intent"),
            ("make it 200", &[], "ask intent"),
        ],
    );
}

#[test]
fn what_follows_takes_the_last_output() {
    talk(
        Some("ethereum"),
        &[
            ("swap 1 ETH to USDC", &[], "plan swap venue=uniswap_v3 token_in=ETH token_out=USDC amount_in=1"),
            (
                "then lend it on aave",
                &[],
                "plan swap venue=uniswap_v3 token_in=ETH token_out=USDC amount_in=1; deposit venue=aave_v3 token=USDC amount=step1",
            ),
        ],
    );
}

#[test]
fn a_schedule_may_run_once_and_a_story_is_confirmed() {
    talk(
        Some("base"),
        &[
            ("swap 50 USDC to ETH every week", &[], "ask recurrence"),
            (
                "",
                &[("recurrence", "run_once")],
                "plan swap venue=uniswap_v3 token_in=USDC token_out=ETH amount_in=50",
            ),
        ],
    );
    talk(
        Some("base"),
        &[
            ("swap 50 USDC to ETH for a new laptop", &[], "ask confirm"),
            (
                "",
                &[("confirm", "true")],
                "plan swap venue=uniswap_v3 token_in=USDC token_out=ETH amount_in=50",
            ),
        ],
    );
}

#[test]
fn what_was_not_understood_is_not_dropped_by_what_follows() {
    let plan = "plan transfer token=USDC amount=75 recipient=rosie.eth";
    let more = "plan transfer token=USDC amount=75 recipient=rosie.eth; transfer token=USDC amount=30 recipient=tim.eth";
    talk(
        Some("base"),
        &[
            ("send 75 USDC to rosie.eth", &[], plan),
            ("flibber the amount wuggly 80", &[], "ask intent"),
            ("and send 30 USDC to tim.eth", &[], "ask confirm"),
            ("", &[("confirm", "true")], more),
        ],
    );
    talk(
        Some("base"),
        &[
            ("send 75 USDC to rosie.eth wugglywise", &[], "ask unexplained"),
            ("make it 80", &[], "ask confirm"),
            ("send 20 USDC to rosie.eth", &[], "plan transfer token=USDC amount=20 recipient=rosie.eth"),
        ],
    );
}
