//! What is understood of a message, without chain, wallet or store.
//!
//! What comes in: a message, or a line of a corpus. What goes out: text. What it refuses to know: how it is
//! understood.

use grimoire_registry::ChainId;

/// Answers a corpus line with a line.
///
/// # Errors
/// What is wrong with the line.
pub fn answer(line: &str) -> Result<String, String> {
    Err(format!("the language is not connected: {}", line.len()))
}

/// Says which words of a message gave what.
#[must_use]
pub fn explain(message: &str, chain: Option<ChainId>) -> String {
    format!("{message} {chain:?}")
}
