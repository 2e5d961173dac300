//! From a plan to what it does: build each step on the state the last one left, then execute the finished list from
//! the beginning exactly as it would be sent, and compare with what was asked.

mod build;
mod conform;
mod execute;
mod fund;
mod gas;
mod cost;

pub use build::{Signer, Terms, build};
pub use conform::{Change, conform};
pub use cost::{keep_to_gas_limit, offer};
pub use execute::{Executed, Outgoing, execute, outgoing};
pub use fund::fund_stand_in;
pub use gas::gas_limit;
