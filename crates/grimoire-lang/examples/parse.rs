//! Reads corpus lines on standard input and writes one result line each: `parse --jsonl`. Without the flag, reads one
//! message a line and shows what it came to.

use std::io::{BufRead, Write};

use grimoire_lang::{Lexicon, jsonl};

fn main() -> std::io::Result<()> {
    let lines = std::env::args().any(|a| a == "--jsonl");
    let lexicon = Lexicon::new(&grimoire_registry::REGISTRY.vocabulary());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (i, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let line = if lines { line } else { serde_json::json!({"chain": "ethereum", "message": line}).to_string() };
        match jsonl::answer(&line, &lexicon) {
            Ok(answer) => writeln!(out, "{answer}")?,
            Err(error) => return Err(std::io::Error::other(format!("line {}: {error}", i + 1))),
        }
    }
    Ok(())
}
