//! A built chain as a geth-style genesis, for another node to start from.
//!
//! What comes in: the block simulations run in and the state before it. What goes out: JSON. The genesis is that block's
//! parent: one less in number and a second earlier.

use alloy_primitives::{Address, B256, U256};
use grimoire_core::evm::Block;
use grimoire_registry::{ChainId, REGISTRY};
use serde_json::{Map, Value, json};

use crate::state::{ChainState, Entry};

/// The genesis of a chain.
pub(crate) fn genesis(chain: ChainId, block: &Block, state: &ChainState) -> Value {
    let chain = REGISTRY.chain(chain);
    let alloc: Map<String, Value> =
        state.sorted().into_iter().map(|(at, entry)| (at.to_string(), row(entry))).collect();
    json!({
        "config": config(chain.chain_id),
        "nonce": "0x0",
        "number": hex(U256::from(block.number.saturating_sub(1))),
        "timestamp": hex(U256::from(block.timestamp.saturating_sub(1))),
        "extraData": "0x",
        "gasLimit": hex(U256::from(block.gas_limit)),
        "baseFeePerGas": hex(U256::from(block.base_fee)),
        "difficulty": "0x0",
        "mixHash": B256::ZERO,
        "coinbase": Address::ZERO,
        "alloc": alloc,
    })
}

/// Every rule from the start.
fn config(chain_id: u64) -> Value {
    let blocks = [
        "homestead",
        "eip150",
        "eip155",
        "eip158",
        "byzantium",
        "constantinople",
        "petersburg",
        "istanbul",
        "berlin",
        "london",
    ];
    let times = ["shanghai", "cancun", "prague", "osaka"];
    let mut config: Map<String, Value> =
        blocks.iter().map(|fork| (format!("{fork}Block"), 0.into())).collect();
    config.extend(times.iter().map(|fork| (format!("{fork}Time"), 0.into())));
    config.insert("chainId".into(), chain_id.into());
    config.insert("terminalTotalDifficulty".into(), "0x0".into());
    config.insert("terminalTotalDifficultyPassed".into(), true.into());
    config.into()
}

fn row(entry: &Entry) -> Value {
    let mut slots: Vec<_> = entry.slots.iter().collect();
    slots.sort();
    let word = |n: &U256| B256::from(*n).to_string();
    let storage: Map<String, Value> =
        slots.into_iter().map(|(slot, value)| (word(slot), word(value).into())).collect();
    let code = entry.info.code.as_ref().map(revm::state::Bytecode::original_bytes).unwrap_or_default();
    json!({
        "balance": hex(entry.info.balance),
        "nonce": hex(U256::from(entry.info.nonce)),
        "code": code,
        "storage": storage,
    })
}

fn hex(n: U256) -> String {
    format!("{n:#x}")
}
