//! Reads corpus lines on standard input and writes one result line each: `parse --jsonl`. Without the flag, reads one
//! message a line and explains what it came to, word by word.

use std::io::{BufRead, Write};

use grimoire_lang::{Context, Lexicon, Turn, explain::explain, jsonl, understand};

fn main() -> std::io::Result<()> {
    let lines = std::env::args().any(|a| a == "--jsonl");
    let lexicon = Lexicon::new(&grimoire_registry::REGISTRY.vocabulary());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (i, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        if lines {
            match jsonl::answer(&line, &lexicon) {
                Ok(answer) => writeln!(out, "{answer}")?,
                Err(error) => return Err(std::io::Error::other(format!("line {}: {error}", i + 1))),
            }
            continue;
        }
        let turn = Turn { message: Some(&line), answers: &[] };
        let context = Context { chain: Some("ethereum".into()) };
        if let Ok(reading) = understand(&turn, None, &context, &lexicon) {
            writeln!(out, "“{line}”\n{}", explain(&line, &reading))?;
        }
    }
    Ok(())
}
