//! Aave V3.

pub mod deployment;
