//! How long a message takes: median and p99 over the frames' examples and the corpora, every reading counted; the
//! slowest of many soups; and the refusal of long messages.
//!
//! `cargo bench -p grimoire-lang`, with `GRIMOIRE_CORPUS` for a further corpus. It fails above what is promised, with
//! room for a busy machine.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads files and the clock, and prints"
)]

#[path = "../tests/common/corpus.rs"]
mod corpus;
#[path = "../tests/common/draw.rs"]
mod draw;
#[path = "../tests/fuzz/mutate.rs"]
mod mutate;

mod engine {
    //! The names, for what makes the soups.

    use std::sync::LazyLock;

    use grimoire_lang::vocabulary::Vocabulary;

    pub(crate) static VOCABULARY: LazyLock<Vocabulary> =
        LazyLock::new(|| grimoire_registry::REGISTRY.vocabulary());
}

use std::hint::black_box;
use std::time::{Duration, Instant};

use grimoire_lang::{Context, Lexicon, Turn, understand};

/// How often every message is read.
const ROUNDS: usize = 50;

fn read(message: &str, chain: Option<&str>, lexicon: &Lexicon) -> Duration {
    let context = Context { chain: chain.map(str::to_owned) };
    let turn = Turn { message: Some(message), answers: &[] };
    let start = Instant::now();
    let _ = black_box(understand(&turn, None, &context, lexicon));
    start.elapsed()
}

/// The middle of a message's readings, and all of them.
fn readings(
    messages: &[(String, Option<String>)],
    lexicon: &Lexicon,
) -> (Vec<(Duration, usize)>, Vec<Duration>) {
    let (mut middles, mut all) = (Vec::new(), Vec::new());
    for (i, (say, chain)) in messages.iter().enumerate() {
        let mut times: Vec<Duration> = (0..ROUNDS).map(|_| read(say, chain.as_deref(), lexicon)).collect();
        times.sort_unstable();
        middles.push((times[ROUNDS / 2], i));
        all.extend(times);
    }
    middles.sort_unstable();
    all.sort_unstable();
    (middles, all)
}

fn at(times: &[Duration], per_mille: usize) -> Duration {
    times.get(times.len() * per_mille / 1_000).copied().unwrap_or_default()
}

fn within(what: &str, got: Duration, promised: Duration) {
    println!("  {what:28} {got:>12.2?}   promised {promised:?}");
    // A machine that does something else may take three times as long.
    assert!(got < promised * 3, "{what} took {got:?}");
}

fn main() {
    let start = Instant::now();
    let lexicon = Lexicon::new(&engine::VOCABULARY);
    println!("lexicon compiled in {:?}", start.elapsed());
    let micros = Duration::from_micros;
    let mut messages: Vec<(String, Option<String>)> =
        corpus::messages().into_iter().map(|m| (m.say, m.chain)).collect();
    let wants =
        corpus::examples().iter().filter(|e| e.want.starts_with("plan") && !e.frame.is_empty()).count();
    println!(
        "{} messages of the corpora ({wants} of the frames come to a plan), {ROUNDS} readings each",
        messages.len()
    );
    let (middles, all) = readings(&messages, &lexicon);
    within("median", at(&all, 500), micros(20));
    within("p99", at(&all, 990), micros(300));
    for (time, i) in middles.iter().rev().take(5) {
        println!("    {time:?}  {}", messages[*i].0.chars().take(90).collect::<String>());
    }
    messages = (0..20_000)
        .map(|seed| {
            let draw = &mut draw::Draw::seeded(seed, 200);
            let odd = draw.once_in(3);
            (if odd { mutate::noise(draw) } else { mutate::soup(draw) }, Some("base".to_owned()))
        })
        .collect();
    let base = messages[0].0.clone();
    messages.extend((0..2_000).map(|seed| {
        let draw = &mut draw::Draw::seeded(seed, 400);
        let long = (0..9).fold(base.clone(), |text, _| format!("{text} {}", mutate::soup(draw)));
        (mutate::mutate(&long, &base, draw), None)
    }));
    let mut slowest: Vec<(Duration, usize)> = messages
        .iter()
        .enumerate()
        .map(|(i, (say, chain))| {
            ((0..3).map(|_| read(say, chain.as_deref(), &lexicon)).min().unwrap_or_default(), i)
        })
        .collect();
    slowest.sort_unstable();
    println!("{} soups, long ones among them", messages.len());
    let (time, i) = slowest.last().copied().unwrap_or_default();
    within("slowest", time, Duration::from_millis(5));
    println!("    {}", messages[i].0.chars().take(90).collect::<String>());
    println!("long messages");
    for (what, text) in [
        ("10,000 characters", "swap 1 ETH to USDC ".repeat(530)),
        ("10,000 emoji", "\u{1f600}".repeat(10_000)),
        ("2,000 characters", "a ".repeat(1_000)),
    ] {
        let best = (0..30).map(|_| read(&text, None, &lexicon)).min().unwrap_or_default();
        within(what, best, Duration::from_millis(1));
    }
}
