//! Core on the real sandbox: real contract code, executed.

mod aave;
#[allow(clippy::disallowed_methods, reason = "a test may start another EVM")]
#[path = "../../../grimoire-sandbox/tests/anvil/mod.rs"]
mod anvil;
mod bridge;
mod calldata;
mod every;
mod funds;
mod limits;
mod morpho;
mod news;
mod offers;
mod random;
mod routes;
mod second_evm;
mod several;
mod shape;
mod stage;
mod swap;
