//! What the language engine promises, held by its frames' examples, its own corpus and properties over both.

#![allow(clippy::disallowed_methods, reason = "tests read the data files and the corpus")]

#[path = "../common/corpus.rs"]
mod corpus;
#[path = "../common/draw.rs"]
mod draw;
#[path = "../common/engine.rs"]
mod engine;

mod accounts;
mod check;
mod conversations;
mod explain;
mod frames;
mod insertion;
mod intents;
mod labels;
mod mutants;
mod plans;
mod read_back;
mod talk;
mod tidy;
mod typo;
mod wording;
mod words;
