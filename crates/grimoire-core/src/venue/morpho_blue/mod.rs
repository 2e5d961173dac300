//! Morpho Blue.

pub mod deployment;
