//! From a plan to what it does: build each step on the state the last one left, then execute the finished list from
//! the beginning exactly as it would be sent, and compare with what was asked.

mod gas;
mod ledger;
mod sent;
mod data_fee;
mod execute;
mod build;
mod conform;
mod fund;
mod cost;

pub use build::build;
pub use conform::conform;
pub use cost::{keep_to_gas_limit, offer};
pub use execute::{Executed, Run, execute, outgoing};
pub use fund::fund_stand_in;
pub use gas::gas_limit;
pub use ledger::Change;
pub use sent::Outgoing;
