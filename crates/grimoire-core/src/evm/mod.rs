//! The EVM: where state comes from, how calls are executed on it, and what their failures mean.

mod state;
mod call;
mod revert;
mod machine;

pub use call::{Call, CallError, Receipt};
pub use machine::{Fee, Machine};
pub use revert::Revert;
pub use state::{Block, Origin, Snapshot, Snapshots, State, StateError, StateSource};
