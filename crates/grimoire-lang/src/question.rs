//! What is missing or in doubt, as questions a person can answer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// What a question is about: the ids of the language contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the language contract defines each by name")]
pub enum Field {
    TooComplex,
    Intent,
    Unsupported,
    Recurrence,
    Condition,
    Unexplained,
    NumberFormat,
    Venue,
    Token,
    TokenIn,
    TokenOut,
    Amount,
    Chain,
    ToChain,
    Recipient,
    Target,
    Confirm,
}

impl Field {
    /// The field of an id, and which of its kind it is: `amount_2` is the second amount.
    pub(crate) fn of_id(id: &str) -> Option<(Self, usize)> {
        let (name, count) = match id.rsplit_once('_') {
            Some((name, n)) if n.bytes().all(|b| b.is_ascii_digit()) => {
                (name, n.parse().ok().filter(|&n| n > 1)?)
            }
            _ => (id, 1),
        };
        let field = serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()?;
        Some((field, count))
    }
}

impl Field {
    /// The id used in JSON, logs and docs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooComplex => "too_complex",
            Self::Intent => "intent",
            Self::Unsupported => "unsupported",
            Self::Recurrence => "recurrence",
            Self::Condition => "condition",
            Self::Unexplained => "unexplained",
            Self::NumberFormat => "number_format",
            Self::Venue => "venue",
            Self::Token => "token",
            Self::TokenIn => "token_in",
            Self::TokenOut => "token_out",
            Self::Amount => "amount",
            Self::Chain => "chain",
            Self::ToChain => "to_chain",
            Self::Recipient => "recipient",
            Self::Target => "target",
            Self::Confirm => "confirm",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing was said about it.
    Missing,
    /// What was said could mean several things.
    Ambiguous,
    /// What was said names nothing known, or not there.
    Unknown,
    /// What was said cannot be: zero, negative, malformed, not supported.
    Invalid,
    /// Words that were not understood.
    Unexplained,
    /// Understood, to be confirmed.
    Confirm,
}

/// How it is best asked on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the API contract defines each by name")]
pub enum Input {
    Select,
    Number,
    Text,
    Boolean,
    Address,
}

/// One answer that is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The canonical value.
    pub value: String,
    /// The same for a person.
    pub label: String,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it is about.
    pub field: Field,
    /// Which action it concerns, counted from 0; the id of the second and later ones that ask the same field
    /// gets a suffix `_2`, `_3`.
    pub action: usize,
    /// Why it is asked.
    pub reason: Reason,
    /// A sentence for a person that names the words, tokens and venues it is about.
    pub label: String,
    /// How to ask it.
    pub input: Input,
    /// Answers to choose from; empty when anything of the right kind will do.
    pub options: Vec<Choice>,
    /// The words it is about; may be empty.
    pub spans: Vec<Span>,
}
