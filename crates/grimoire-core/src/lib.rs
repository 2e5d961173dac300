//! Intent in, Preview out.
//!
//! What comes in: words (read by `grimoire-lang`), and the state of a chain from a [`evm::StateSource`]. What goes
//! out: a [`preview::Preview`] computed by executing the plan, or a [`clarification::Clarification`]. What it refuses
//! to know: files, environment, network, clocks. Time is the block's.
//!
//! Modules stand in the order data flows; each imports only from those above it.

#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::iter_over_hash_type,
    clippy::disallowed_methods
)]

pub mod evm;
pub mod amount;
pub mod rate;
pub mod block;
pub mod token;
pub mod gift;
pub mod price;
pub mod news;
pub mod plan;
pub mod venue;
pub mod simulate;
pub mod clarification;
pub mod offers;
pub mod draft;
pub mod preview;
pub mod describe;
pub mod figures;
pub mod compose;
pub mod turn;
