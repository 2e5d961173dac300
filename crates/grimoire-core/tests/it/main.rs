//! Core on the real sandbox: real contract code, executed.

mod calldata;
mod funds;
mod limits;
mod several;
mod shape;
mod stage;
mod swap;
