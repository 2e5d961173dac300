//! The fuzz target: sentences are spoiled and spoiled again, and whatever comes out must hold the invariants.
//!
//! It is guided: a text that is read in a way not seen before (which words were taken as what, which questions) joins
//! the pool it draws from. `GRIMOIRE_FUZZ_TEXTS` says how many texts, so that the same code is tried the same way on
//! every machine; `GRIMOIRE_FUZZ_SEED` where to begin. What it found once stays in `found/` and is tried first.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a fuzzer reads the clock and says what it did"
)]

#[path = "../common/corpus.rs"]
mod corpus;
#[path = "../common/draw.rs"]
mod draw;
#[path = "../common/engine.rs"]
mod engine;
mod invariants;
mod mutate;
mod soup;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Instant;

use grimoire_lang::{Outcome, Reading};

use crate::corpus::{Example, Message, examples, messages};
use crate::draw::Draw;
use crate::engine::read;
use crate::invariants::{fingerprint, hold};
use crate::mutate::mutate;

fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => otherwise,
    }
}

/// How a text was read, without its values: what each phrase was taken as, and what came of it.
fn shape(reading: &Reading) -> u64 {
    let mut hasher = DefaultHasher::new();
    for word in &reading.words {
        word.role.hash(&mut hasher);
    }
    match &reading.outcome {
        Outcome::Plan(intent) => {
            for action in &intent.actions {
                action.kind.hash(&mut hasher);
                action.values.iter().for_each(|(role, _)| role.hash(&mut hasher));
            }
        }
        Outcome::Ask(questions) => questions.iter().for_each(|q| (q.field, q.action).hash(&mut hasher)),
    }
    hasher.finish()
}

fn check(text: &str, chain: Option<&str>) -> Result<Reading, String> {
    let first = std::panic::catch_unwind(|| hold(text, chain)).map_err(|_| "it panics".to_owned())??;
    let again = hold(text, chain)?;
    if fingerprint(&first) == fingerprint(&again) {
        Ok(first)
    } else {
        Err("it is read in two ways".to_owned())
    }
}

#[test]
fn what_was_found_once_stays_found() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/found");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("readable");
        for line in text.lines() {
            tried += 1;
            let text: String = serde_json::from_str(line).expect("a line is a JSON string");
            for chain in [None, Some("ethereum"), Some("polygon")] {
                check(&text, chain).unwrap_or_else(|why| panic!("{text:?}: {why}"));
            }
        }
    }
    assert!(tried >= 20, "{tried} texts");
}

#[test]
fn the_corpora_hold_the_invariants() {
    for Example { frame, message, want } in examples() {
        let chain = message.chain.as_deref();
        check(&message.say, chain).unwrap_or_else(|why| panic!("{frame}: {}, {want}: {why}", message.say));
    }
    for message in messages() {
        let chain = message.chain.as_deref();
        check(&message.say, chain).unwrap_or_else(|why| panic!("{}: {why}", message.say));
    }
}

/// Whether a text comes to a plan.
fn is_plan(reading: &Reading) -> bool {
    matches!(reading.outcome, Outcome::Plan(_))
}

/// Findings after which it is enough.
const MOST: usize = 10;

fn told(seed: u64, found: &[String]) -> String {
    format!("seed {seed}; the lines belong into tests/fuzz/found:\n{}", found.join("\n"))
}

#[test]
fn spoiled_sentences_hold_the_invariants() {
    let texts = number("GRIMOIRE_FUZZ_TEXTS", 10_000);
    let seed = number("GRIMOIRE_FUZZ_SEED", 1);
    let began = Instant::now();
    let planned = |m: &Message| is_plan(&read(&m.say, m.chain.as_deref()));
    // What comes to a plan is spoiled most: the rest only has to be asked about.
    let (mut plans, mut others): (Vec<Message>, Vec<Message>) = messages().into_iter().partition(planned);
    let (mut seen, mut tried, mut came, mut found) = (HashSet::new(), 0u64, 0u64, Vec::new());
    while tried < texts {
        let draw = &mut Draw::seeded(seed.wrapping_mul(0x9e37_79b9).wrapping_add(tried), 64);
        let pool = if draw.once_in(4) { &others } else { &plans };
        let (base, other) = (draw.of(pool).clone(), draw.of(&plans).say.clone());
        let mut text = mutate(&base.say, &other, draw);
        for _ in 0..draw.below(3) {
            text = mutate(&text, &other, draw);
        }
        let reading = match check(&text, base.chain.as_deref()) {
            Ok(reading) => reading,
            Err(why) => {
                let line = serde_json::to_string(&text).expect("a string is JSON");
                found.push(format!("case {tried}, chain {:?}:\n{line}\n  {why}", base.chain));
                assert!(found.len() < MOST, "{}", told(seed, &found));
                tried += 1;
                continue;
            }
        };
        tried += 1;
        came += u64::from(is_plan(&reading));
        let pool = if is_plan(&reading) { &mut plans } else { &mut others };
        if seen.insert(shape(&reading)) && pool.len() < 20_000 {
            pool.push(Message { say: text, chain: base.chain });
        }
    }
    let took = began.elapsed().as_secs();
    println!("{tried} texts, {} ways of reading, {came} plans in {took} s from seed {seed}", seen.len());
    assert!(found.is_empty(), "{}", told(seed, &found));
    assert!(seen.len() > 100 && came > 20, "{} ways, {came} plans", seen.len());
}
