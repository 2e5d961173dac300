//! How long a message takes: median and p99 over the frames' examples and the corpus, and the refusal of a long one.
//!
//! `cargo bench -p grimoire-lang`

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads files and the clock, and prints"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use grimoire_lang::{Context, Lexicon, Turn, understand};

fn messages() -> Vec<String> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let shared = std::env::var("GRIMOIRE_CORPUS").unwrap_or_default();
    let mut all = Vec::new();
    for folder in [own, shared.as_str()] {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for file in entries.filter_map(Result::ok) {
            for line in std::fs::read_to_string(file.path()).unwrap_or_default().lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
                all.extend(line["message"].as_str().map(str::to_owned));
            }
        }
    }
    all
}

fn main() {
    let start = Instant::now();
    let lexicon = Lexicon::new(&grimoire_registry::REGISTRY.vocabulary());
    println!("lexicon  {:?}", start.elapsed());
    let context = Context { chain: Some("ethereum".into()) };
    let read = |message: &str| {
        let start = Instant::now();
        let _ =
            black_box(understand(&Turn { message: Some(message), answers: &[] }, None, &context, &lexicon));
        start.elapsed()
    };
    let messages = messages();
    let mut times: Vec<(Duration, &str)> = Vec::new();
    for message in &messages {
        let best = (0..30).map(|_| read(message)).min().unwrap_or_default();
        times.push((best, message));
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(Duration::ZERO, |t| t.0);
    println!("messages {}  median {:?}  p90 {:?}  p99 {:?}", times.len(), at(50), at(90), at(99));
    for (time, message) in times.iter().rev().take(5) {
        println!("  {time:?}  {}", message.chars().take(90).collect::<String>());
    }
    let long = "swap 1 ETH to USDC ".repeat(530);
    println!(
        "{} characters refused in {:?}",
        long.len(),
        (0..30).map(|_| read(&long)).min().unwrap_or_default()
    );
}
