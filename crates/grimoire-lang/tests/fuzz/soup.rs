//! Three hundred thousand texts nobody would write: words without order, and characters without order.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::draw::Draw;
use crate::invariants::{fingerprint, hold};
use crate::mutate::{noise, soup};

const TEXTS: u64 = 300_000;

fn text(seed: u64) -> String {
    let draw = &mut Draw::seeded(seed ^ 0x5eed, 200);
    if seed % 3 == 2 { noise(draw) } else { soup(draw) }
}

/// Reads the texts in an order; what they come to, as one number that does not depend on the order.
fn run(seeds: impl Iterator<Item = u64>) -> (u64, u64, Vec<String>) {
    let (mut sum, mut plans, mut wrong) = (0u64, 0u64, Vec::new());
    for seed in seeds {
        let text = text(seed);
        let chain = ["base", "polygon", "ethereum"][usize::try_from(seed % 3).expect("small")];
        match hold(&text, Some(chain)) {
            Ok(reading) => {
                plans += u64::from(matches!(reading.outcome, grimoire_lang::Outcome::Plan(_)));
                let mut hasher = DefaultHasher::new();
                (seed, fingerprint(&reading)).hash(&mut hasher);
                sum = sum.wrapping_add(hasher.finish());
            }
            Err(why) => wrong.push(format!("seed {seed}: {text:?}\n  {why}")),
        }
    }
    (sum, plans, wrong)
}

#[test]
fn any_text_is_read_the_same_twice_in_any_order() {
    // One thread goes forwards, the other backwards: every text is read twice, after different others.
    let (forwards, backwards) = std::thread::scope(|scope| {
        let other = scope.spawn(|| run((0..TEXTS).rev()));
        (run(0..TEXTS), other.join().expect("no text makes the reader panic"))
    });
    let (sum, plans, wrong) = forwards;
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert_eq!(sum, backwards.0, "some text is read differently after others");
    assert_eq!(plans, backwards.1);
    // Some soups are requests: without any the read-back would not have been tried.
    assert!(plans > 20, "{plans} plans in {TEXTS} texts");
}

#[test]
fn a_long_message_is_refused() {
    let ask = |text: &str| crate::engine::outcome(&crate::engine::read(text, Some("base")), None);
    assert_eq!(ask(&"swap 1 ETH to USDC and ".repeat(500)), "ask too_complex");
    assert_eq!(ask(&"lend it ".repeat(70)), "ask too_complex");
    assert_eq!(ask(&"\u{1f600}".repeat(2_001)), "ask too_complex");
}

#[test]
fn a_corpus_line_that_is_none_is_an_error() {
    for line in ["", "[]", "{", r#"{"id":1,"message":5}"#, r#"{"id":1,"turns":5}"#] {
        assert!(grimoire_lang::jsonl::answer(line, &crate::engine::LEXICON).is_err(), "{line}");
    }
}
