//! Where a value came from: the words of a turn, an answer, the context, or a rule.

use serde::{Deserialize, Serialize};

/// A stretch of one turn's message, as byte offsets into its UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Which message of the conversation, counted from 0.
    pub turn: u16,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The evidence for a value. There is no value without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Said: the spans of the words, in order.
    Words(Vec<Span>),
    /// A typed answer to the question with this field id, given in that turn.
    Answer {
        /// Which turn of the conversation.
        turn: u16,
        /// The field id it answered.
        field: String,
    },
    /// The caller's context, such as the chain.
    Context,
    /// A rule of the language contract, by name, such as `default_venue`; with the words that called for it.
    Rule {
        /// The rule's name.
        name: String,
        /// The words it was applied to; may be empty.
        spans: Vec<Span>,
    },
}
