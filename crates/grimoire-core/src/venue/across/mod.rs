//! Across.

pub mod deployment;
