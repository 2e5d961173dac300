//! Words in, Intent out.
//!
//! What comes in: a message, the conversation so far, and a [`Vocabulary`] of names. What goes out: an
//! [`Outcome`], either an [`Intent`] whose every value points at the words it came from, or the questions that
//! are open. What it refuses to know: chains, contracts, balances, prices, files, clocks. It never fails.
//!
//! Modules stand in the order data flows; each imports only from those above it.

#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::iter_over_hash_type,
    clippy::disallowed_methods
)]

pub mod decimal;
pub mod source;
pub mod amount;
pub mod intent;
pub mod vocabulary;
pub mod question;
mod words;
mod token;
mod number;
mod phrase;
mod frame;
mod names;
mod lexicon;
mod quantity;
mod chunk;
mod suggest;
mod search;
mod clause;
mod gate;
mod read;
mod discourse;
mod account;
mod outputs;
mod problem;
mod bind;
pub mod check;
mod talk;
mod answer;
mod understand;
pub mod jsonl;
pub mod explain;
pub mod readback;

pub use amount::{Amount, Take};
pub use decimal::Decimal;
pub use intent::{Action, ActionKind, Intent, Role, Sourced};
pub use lexicon::Lexicon;
pub use question::{Choice, Field, Input, Question, Reason};
pub use source::{Source, Span};
pub use understand::{AnswerError, Context, Draft, Outcome, Reading, Turn, WordRole, understand};
pub use vocabulary::Vocabulary;
