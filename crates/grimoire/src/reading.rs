//! What is understood of a message, without chain, wallet or store.
//!
//! What comes in: a message, or a line of a corpus. What goes out: text. What it refuses to know: how it is
//! understood.

use std::sync::LazyLock;

use grimoire_lang::{Context, Lexicon, Turn, jsonl, understand};
use grimoire_registry::{ChainId, REGISTRY};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&REGISTRY.vocabulary()));

/// Answers a corpus line with a line.
///
/// # Errors
/// What is wrong with the line.
pub fn answer(line: &str) -> Result<String, String> {
    jsonl::answer(line, &LEXICON)
}

/// The stretches of a message, in order, each with what it was taken as.
#[must_use]
pub fn words(message: &str, chain: Option<ChainId>) -> Vec<(String, String)> {
    let context = Context { chain: chain.map(|chain| chain.as_str().into()) };
    let turn = Turn { message: Some(message), answers: &[] };
    let reading = understand(&turn, None, &context, &LEXICON);
    let words = reading.map_or_else(|_| Vec::new(), |reading| reading.words);
    let said =
        |start: u32, end: u32| message.get(start as usize..end as usize).unwrap_or_default().to_owned();
    words.into_iter().map(|word| (said(word.span.start, word.span.end), word.role)).collect()
}
