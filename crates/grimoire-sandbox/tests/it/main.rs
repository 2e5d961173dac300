//! The sandbox on the real EVM: what it holds, what it answers, and that nothing of it changes by itself.

#[path = "../anvil/mod.rs"]
mod anvil;
mod evm;
mod fixture;
mod trade;
mod aave_v3;
mod accounts;
mod across;
mod clock;
mod data_fee;
mod feeds;
mod morpho_blue;
mod memory;
mod multicall;
mod second_evm;
mod snapshots;
mod tokens;
mod uniswap_v3;
