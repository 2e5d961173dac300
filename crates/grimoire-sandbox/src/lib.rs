//! The embedded chain: real protocol code on a synthetic market, for trials and tests.
//!
//! What comes in: contracts installed beside the crate, and a market written as data. What goes out: a [`Sandbox`],
//! a [`StateSource`](grimoire_core::evm::StateSource) that needs no node and no network. What it refuses to know:
//! plans, policies, people, and any live chain.
//!
//! A chain is one file in `market/` and one line in `market::MARKETS`; every address comes from the registry. A
//! venue is a recipe: a module that deploys its contracts and fills them from the market, called by `build`.
//!
//! Modules stand in the order data flows; each imports only from those above it.

mod error;
mod progress;
mod exact;
mod market;
mod book;
mod artifact;
mod contracts;
mod relocate;
mod dev_chain;
mod image;
mod tokens;
mod feeds;
mod multicall;
mod data_fee;
mod uniswap_v3;
mod aave_v3;
mod morpho_blue;
mod across;
mod accounts;
mod build;
mod snapshot;
mod store;
mod state;
mod info;
mod report;
mod genesis;
mod sandbox;

pub use contracts::Paths;
pub use error::SandboxError;
pub use info::{AccountInfo, ChainInfo, Info, MarketInfo, PoolInfo, ReserveInfo, SpokePoolInfo};
pub use progress::{Progress, Stage};
pub use sandbox::Sandbox;
