//! A second EVM to compare with: anvil of the contracts folder, started from a genesis.
//!
//! What comes in: a genesis, a block, and calls to make in it one after another. What goes out: what each of them did.
//! What it refuses to know: plans, and the first EVM. Another crate's integration tests include it with `#[path]`; it
//! needs `alloy-primitives`, `grimoire-core` and `serde_json`.

mod json_rpc;
mod process;

use std::path::Path;

use alloy_primitives::{Address, Bytes, U256};
use grimoire_core::evm::Block;
use serde_json::{Value, json};

use json_rpc::Client;
use process::Process;

/// The rules under which anvil's gas equals that of revm's `SpecId::OSAKA`, to the unit.
const HARDFORK: &str = "osaka";

/// A transaction's call; its nonce is the sender's next.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) value: U256,
    pub(crate) data: Bytes,
    pub(crate) gas_limit: u64,
}

/// What transactions offer for a unit of gas, in wei.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fee {
    pub(crate) max: u128,
    pub(crate) tip: u128,
}

/// What a transaction did: `output` is what it returned or reverted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) gas: u64,
    pub(crate) output: Bytes,
}

/// A running anvil; it ends with this value.
pub(crate) struct Anvil {
    process: Process,
}

impl Anvil {
    /// Starts the anvil that is installed in a contracts folder. `work` takes the genesis file.
    pub(crate) fn start(contracts: &Path, work: &Path, genesis: &Value) -> Self {
        Self { process: Process::start(contracts, work, genesis, HARDFORK) }
    }

    /// Makes calls in one block, one transaction each, on the genesis; nothing of it stays. Gas costs nothing, and the
    /// base fee reads as 0.
    pub(crate) fn simulate(&self, block: &Block, calls: &[Call]) -> Vec<Outcome> {
        self.run(block, None, calls)
    }

    /// The same for transactions as they would be sent: they pay for their gas, and must be valid.
    pub(crate) fn simulate_paying(&self, block: &Block, fee: Fee, calls: &[Call]) -> Vec<Outcome> {
        self.run(block, Some(fee), calls)
    }

    fn run(&self, block: &Block, fee: Option<Fee>, calls: &[Call]) -> Vec<Outcome> {
        let calls: Vec<Value> = calls.iter().map(|call| transaction(call, fee)).collect();
        let state = json!({ "blockOverrides": overrides(block), "calls": calls });
        let options =
            json!({ "blockStateCalls": [state], "traceTransfers": false, "validation": fee.is_some() });
        let blocks = self.client().request("eth_simulateV1", &json!([options, "latest"]));
        let outcomes = blocks[0]["calls"].as_array().unwrap_or_else(|| panic!("no calls in {blocks}"));
        outcomes.iter().map(outcome).collect()
    }

    /// Asks a contract in the given block.
    pub(crate) fn call(&self, block: &Block, call: &Call) -> Bytes {
        let parameters = json!([transaction(call, None), "latest", null, overrides(block)]);
        let answer = self.client().request("eth_call", &parameters);
        text(&answer).parse().unwrap_or_else(|e| panic!("{answer}: {e}"))
    }

    fn client(&self) -> Client {
        Client::new(self.process.port())
    }
}

fn transaction(call: &Call, fee: Option<Fee>) -> Value {
    let Fee { max, tip } = fee.unwrap_or(Fee { max: 0, tip: 0 });
    json!({
        "from": call.from, "to": call.to, "value": call.value, "input": call.data,
        "gas": U256::from(call.gas_limit),
        "maxFeePerGas": U256::from(max), "maxPriorityFeePerGas": U256::from(tip),
    })
}

fn overrides(block: &Block) -> Value {
    json!({
        "number": U256::from(block.number), "time": U256::from(block.timestamp),
        "gasLimit": U256::from(block.gas_limit), "baseFeePerGas": U256::from(block.base_fee),
        "feeRecipient": block.beneficiary, "prevRandao": block.prevrandao,
    })
}

fn outcome(call: &Value) -> Outcome {
    let data = if call["error"]["data"].is_string() { &call["error"]["data"] } else { &call["returnData"] };
    Outcome {
        success: call["status"] == "0x1",
        gas: number(&call["gasUsed"]),
        output: text(data).parse().unwrap_or_else(|e| panic!("{call}: {e}")),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}

fn number(value: &Value) -> u64 {
    u64::from_str_radix(text(value).trim_start_matches("0x"), 16).unwrap_or_else(|e| panic!("{value}: {e}"))
}
