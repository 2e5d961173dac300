//! The sandbox on the real EVM: what it holds, what it answers, and that nothing of it changes by itself.

mod evm;
mod fixture;
mod uniswap_v3;
