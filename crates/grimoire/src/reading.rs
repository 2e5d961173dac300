//! What is understood of a message, without chain, wallet or store.
//!
//! What comes in: a message, or a line of a corpus. What goes out: text. What it refuses to know: how it is
//! understood.

use std::sync::LazyLock;

use grimoire_lang::{Context, Lexicon, Turn, explain, jsonl, understand};
use grimoire_registry::{ChainId, REGISTRY};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&REGISTRY.vocabulary()));

/// Answers a corpus line with a line.
///
/// # Errors
/// What is wrong with the line.
pub fn answer(line: &str) -> Result<String, String> {
    jsonl::answer(line, &LEXICON)
}

/// Says which words of a message gave what, and what stayed open.
#[must_use]
pub fn explain(message: &str, chain: Option<ChainId>) -> String {
    let context = Context { chain: chain.map(|chain| chain.as_str().into()) };
    let turn = Turn { message: Some(message), answers: &[] };
    understand(&turn, None, &context, &LEXICON).map_or_else(
        |errors| errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("\n"),
        |reading| explain::explain(message, &reading),
    )
}
