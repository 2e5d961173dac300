//! From a plan to what it does: build each step on the state the last one left, then execute the finished list from
//! the beginning exactly as it would be sent, and compare with what was asked.

mod build;
mod conform;
mod execute;
mod fund;
mod gas;

pub use build::{Signer, Terms, build};
pub use conform::{Change, conform};
pub use execute::{Executed, Outgoing, execute, outgoing};
pub use fund::fund_stand_in;
pub use gas::gas_limit;
