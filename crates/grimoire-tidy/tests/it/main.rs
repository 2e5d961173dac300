//! The rules of the code base, as tests.

mod layers;
mod lists;
mod reader;
mod text;
