//! Anything may be typed: no panic, and the same answer every time.

use proptest::prelude::*;

use crate::support::{LEXICON, outcome, read};

const WORDS: &[&str] = &[
    "swap", "100", "USDC", "to", "ETH", "on", "base", "and", "then", "lend", "it", "aave", "half", "of",
    "my", "the", "rest", "bob.eth", "$50", "%", "50", "for", "with", "max", "slippage", "from", "bridge",
    "send", ",", ".", "->", "all", "except", "10", "buy", "wrap", "WETH", "not", "if", "or", "0x", "1.5k",
    "up", "at", "most", "least", "repay", "debt", "(", ")", "\n", "1.", "step", "🙏", "borrow", "against",
    "withdraw", "morpho", "arb", "op", "eth", "a", "quarter", "million", "two", "point", "five", "it",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn token_soup_is_read_the_same_twice(words in prop::collection::vec(prop::sample::select(WORDS), 0..24)) {
        let text = words.join(" ");
        prop_assert_eq!(outcome(&read(&text, Some("base")), None), outcome(&read(&text, Some("base")), None));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,120}") {
        let reading = read(&text, None);
        prop_assert!(!outcome(&reading, None).is_empty());
        prop_assert!(grimoire_lang::explain::explain(&text, &reading).len() < 1_000_000);
    }
}

#[test]
fn a_long_message_is_refused() {
    let long = "swap 1 ETH to USDC and ".repeat(500);
    assert_eq!(outcome(&read(&long, Some("base")), None), "ask too_complex");
    let wide = "lend it ".repeat(70);
    assert_eq!(outcome(&read(&wide, Some("base")), None), "ask too_complex");
}

#[test]
fn a_corpus_line_that_is_none_is_an_error() {
    for line in ["", "[]", "{", r#"{"id":1}"#, r#"{"id":1,"message":5}"#, r#"{"id":1,"turns":5}"#] {
        assert!(grimoire_lang::jsonl::answer(line, &LEXICON).is_err(), "{line}");
    }
}
