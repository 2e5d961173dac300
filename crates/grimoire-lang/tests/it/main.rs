//! What the language engine promises, held by its frames' examples, its own corpus and properties over both.

#![allow(clippy::disallowed_methods, reason = "tests read the data files and the corpus")]

mod check;
mod conversations;
mod corpus;
mod frames;
mod metamorphic;
mod read_back;
mod soup;
mod support;
mod talk;
mod tidy;
