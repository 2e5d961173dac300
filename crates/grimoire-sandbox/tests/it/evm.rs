//! Calls on a working copy of a snapshot, one transaction each, under the newest rules.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes, Log, TxKind, U256};
use alloy_sol_types::{Revert, SolCall, SolError as _};
use grimoire_core::evm::{Block, Snapshot, State};
use grimoire_registry::REGISTRY;
use revm::{
    Context, ExecuteCommitEvm as _, MainBuilder as _, MainContext as _,
    context::{BlockEnv, CfgEnv, TxEnv, result::ExecutionResult},
    database::CacheDB,
    primitives::hardfork::SpecId,
};

use crate::anvil::Fee;

/// One transaction to be.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) value: U256,
    pub(crate) data: Bytes,
}

impl Call {
    /// A call that sends no native tokens.
    pub(crate) fn new(from: Address, to: Address, call: &impl SolCall) -> Self {
        Self { from, to, value: U256::ZERO, data: call.abi_encode().into() }
    }
}

/// What a transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) gas: u64,
    pub(crate) output: Bytes,
    pub(crate) logs: Vec<Log>,
}

/// A working copy.
pub(crate) struct Evm {
    state: CacheDB<Arc<dyn State>>,
    rules: CfgEnv,
    block: BlockEnv,
    fee: Fee,
    gas_limit: u64,
}

impl Evm {
    /// A copy of a snapshot, which never changes. Gas costs nothing, and the base fee reads as 0.
    pub(crate) fn on(snapshot: &Snapshot) -> Self {
        Self::with(snapshot, Fee { max: 0, tip: 0 }, 0)
    }

    /// The same where transactions pay for their gas.
    pub(crate) fn paying(snapshot: &Snapshot, fee: Fee) -> Self {
        Self::with(snapshot, fee, snapshot.block.base_fee)
    }

    fn with(snapshot: &Snapshot, fee: Fee, base_fee: u64) -> Self {
        let mut rules = CfgEnv::new_with_spec(SpecId::OSAKA);
        let chain = REGISTRY.chain(snapshot.chain);
        rules.chain_id = chain.chain_id;
        rules.disable_nonce_check = true;
        let block = environment(&snapshot.block, base_fee);
        let state = CacheDB::new(snapshot.state.clone());
        Self { state, rules, block, fee, gas_limit: chain.tx_gas_limit_cap }
    }

    /// Runs a transaction and keeps what it did.
    pub(crate) fn run(&mut self, call: &Call) -> Outcome {
        let tx = TxEnv {
            caller: call.from,
            kind: TxKind::Call(call.to),
            value: call.value,
            data: call.data.clone(),
            gas_limit: self.gas_limit(),
            tx_type: 2,
            gas_price: self.fee.max,
            gas_priority_fee: Some(self.fee.tip),
            chain_id: Some(self.rules.chain_id),
            ..Default::default()
        };
        let (rules, block) = (self.rules.clone(), self.block.clone());
        let mut evm =
            Context::mainnet().with_db(&mut self.state).with_cfg(rules).with_block(block).build_mainnet();
        let result = evm.transact_commit(tx).expect("a valid transaction");
        let gas = result.tx_gas_used();
        let (success, output, logs) = match result {
            ExecutionResult::Success { output, logs, .. } => (true, output.into_data(), logs),
            ExecutionResult::Revert { output, .. } => (false, output, Vec::new()),
            ExecutionResult::Halt { .. } => (false, Bytes::new(), Vec::new()),
        };
        Outcome { success, gas, output, logs }
    }

    /// Runs a call that must fail and gives the text it fails with, or the data where there is no text.
    pub(crate) fn refusal(&mut self, from: Address, to: Address, call: &impl SolCall) -> String {
        let outcome = self.run(&Call::new(from, to, call));
        assert!(!outcome.success, "it went through");
        let text = Revert::abi_decode(&outcome.output).map(|revert| revert.reason);
        text.unwrap_or_else(|_| outcome.output.to_string())
    }

    /// Runs a call that must succeed and reads what it returned.
    pub(crate) fn send<C: SolCall>(&mut self, from: Address, to: Address, call: &C) -> C::Return {
        let outcome = self.run(&Call::new(from, to, call));
        assert!(outcome.success, "{} of {to} failed with {}", C::SIGNATURE, outcome.output);
        C::abi_decode_returns(&outcome.output).unwrap_or_else(|e| panic!("{} of {to}: {e}", C::SIGNATURE))
    }

    /// Asks a contract.
    pub(crate) fn ask<C: SolCall>(&mut self, to: Address, call: &C) -> C::Return {
        self.send(Address::ZERO, to, call)
    }

    /// The most gas a transaction may have.
    pub(crate) fn gas_limit(&self) -> u64 {
        self.gas_limit
    }
}

fn environment(block: &Block, base_fee: u64) -> BlockEnv {
    BlockEnv {
        number: U256::from(block.number),
        beneficiary: block.beneficiary,
        timestamp: U256::from(block.timestamp),
        gas_limit: block.gas_limit,
        basefee: base_fee,
        prevrandao: Some(block.prevrandao),
        ..Default::default()
    }
}
