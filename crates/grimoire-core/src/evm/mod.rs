//! The EVM: where state comes from and how calls are executed on it.

mod state;

pub use state::{Block, Origin, Snapshot, State, StateError, StateSource};
