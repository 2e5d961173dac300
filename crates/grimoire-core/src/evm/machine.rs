//! A working copy of a chain's state, and the EVM that runs calls on it.
//!
//! Three ways to run a call. `view` reads and leaves no trace. `rehearse` changes the copy, free of gas: it is how a
//! plan is built, each step on the state the last one left. `execute` runs a transaction exactly as it would be
//! sent: fee, gas limit, nonce, funds for gas. What a preview says comes from `execute` alone.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes, TxKind, U256};
use alloy_sol_types::SolCall;
use grimoire_registry::{Chain, ChainId, REGISTRY};
use revm::{
    Context, Database, DatabaseCommit, ExecuteEvm, MainBuilder, MainContext,
    context::{
        BlockEnv, CfgEnv, TxEnv,
        result::{EVMError, ExecutionResult, InvalidTransaction, ResultAndState},
    },
    database::CacheDB,
    primitives::hardfork::SpecId,
};

use super::{
    call::{Call, CallError, Receipt},
    revert::Revert,
    state::{Block, Snapshot, State, StateError},
};

/// Memory one transaction may use.
const MEMORY_LIMIT: u64 = 64 << 20;

/// What a transaction offers for gas, wei a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// The most it may cost: twice the base fee and the tip, so that it outlives a few full blocks.
    pub max: u128,
    /// The tip.
    pub tip: u128,
    /// What it costs in this block.
    pub effective: u128,
}

impl Fee {
    /// What a transaction in this block offers.
    #[must_use]
    pub fn of(block: &Block) -> Self {
        let (base, tip) = (u128::from(block.base_fee), u128::from(block.priority_fee));
        Self { max: 2 * base + tip, tip, effective: base + tip }
    }
}

/// A working copy of one chain.
#[derive(Clone)]
pub struct Machine {
    chain: &'static Chain,
    block: Block,
    db: CacheDB<Arc<dyn State>>,
}

impl Machine {
    /// A fresh working copy; the snapshot itself never changes.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        Self {
            chain: REGISTRY.chain(snapshot.chain),
            block: snapshot.block,
            db: CacheDB::new(Arc::clone(&snapshot.state)),
        }
    }

    /// Which chain.
    #[must_use]
    pub const fn chain(&self) -> ChainId {
        self.chain.id
    }

    /// The block everything runs in.
    #[must_use]
    pub const fn block(&self) -> &Block {
        &self.block
    }

    /// Whether there is code at an address.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn has_code(&mut self, at: Address) -> Result<bool, StateError> {
        Ok(self.db.basic(at)?.is_some_and(|info| !info.is_empty_code_hash()))
    }

    /// Whether an account is a contract rather than a key's; one that delegates (EIP-7702) is still a key's.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn is_contract(&mut self, account: Address) -> Result<bool, StateError> {
        let Some(info) = self.db.basic(account)? else { return Ok(false) };
        if info.is_empty_code_hash() {
            return Ok(false);
        }
        let code = match info.code {
            Some(code) => code,
            None => self.db.code_by_hash(info.code_hash)?,
        };
        Ok(!code.is_eip7702())
    }

    /// The native balance of an account, in wei.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn native_balance(&mut self, account: Address) -> Result<U256, StateError> {
        Ok(self.db.basic(account)?.map_or(U256::ZERO, |info| info.balance))
    }

    /// Reads by calling a function; leaves no trace.
    ///
    /// # Errors
    /// When the contract refuses, is not there, or the state cannot be read.
    pub fn view<C: SolCall>(&mut self, to: Address, function: &C) -> Result<C::Return, CallError> {
        self.view_within(to, function, self.chain.tx_gas_limit_cap)
    }

    /// The same with so much gas at most.
    ///
    /// # Errors
    /// When the contract refuses, is not there, needs more gas, or the state cannot be read.
    pub fn view_within<C: SolCall>(
        &mut self,
        to: Address,
        function: &C,
        gas: u64,
    ) -> Result<C::Return, CallError> {
        let mut tx = self.free(Address::ZERO, to, U256::ZERO, function.abi_encode().into());
        tx.gas_limit = gas;
        let output = receipt(self.run(tx, Rules::Free)?.result)?.output;
        C::abi_decode_returns(&output).map_err(|_| CallError::Malformed(to))
    }

    /// Runs a call free of gas and leaves no trace.
    ///
    /// # Errors
    /// When the contract refuses, or the state cannot be read.
    pub fn attempt(&mut self, from: Address, call: &Call) -> Result<Receipt, CallError> {
        let tx = self.free(from, call.to, call.value, call.data.clone());
        receipt(self.run(tx, Rules::Free)?.result)
    }

    /// Runs a call free of gas and keeps what it changes.
    ///
    /// # Errors
    /// When the contract refuses, or the state cannot be read.
    pub fn rehearse(&mut self, from: Address, call: &Call) -> Result<Receipt, CallError> {
        let tx = self.free(from, call.to, call.value, call.data.clone());
        let ran = self.run(tx, Rules::Free)?;
        let receipt = receipt(ran.result)?;
        self.db.commit(ran.state);
        Ok(receipt)
    }

    /// Runs a transaction as it would be sent and keeps what it changes.
    ///
    /// # Errors
    /// When the contract refuses, the sender cannot pay for gas, or the state cannot be read.
    pub fn execute(
        &mut self,
        from: Address,
        call: &Call,
        gas_limit: u64,
        fee: Fee,
    ) -> Result<Receipt, CallError> {
        let nonce = self.db.basic(from)?.map_or(0, |info| info.nonce);
        let mut tx = self.free(from, call.to, call.value, call.data.clone());
        tx.tx_type = 2;
        tx.gas_limit = gas_limit;
        tx.gas_price = fee.max;
        tx.gas_priority_fee = Some(fee.tip);
        tx.nonce = nonce;
        let ran = self.run(tx, Rules::AsSent)?;
        let receipt = receipt(ran.result)?;
        self.db.commit(ran.state);
        Ok(receipt)
    }

    /// Sets the native balance of an account, as no transaction could.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn set_native_balance(&mut self, account: Address, wei: U256) -> Result<(), StateError> {
        let mut info = self.db.basic(account)?.unwrap_or_default();
        info.balance = wei;
        self.db.insert_account_info(account, info);
        Ok(())
    }

    /// A slot of a contract.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn storage(&mut self, contract: Address, slot: U256) -> Result<U256, StateError> {
        self.db.basic(contract)?;
        self.db.storage(contract, slot)
    }

    /// Writes a slot of a contract, as no transaction could.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn store(&mut self, contract: Address, slot: U256, value: U256) -> Result<(), StateError> {
        self.db.insert_account_storage(contract, slot, value)
    }

    /// The state as it is now, to start other copies from.
    #[must_use]
    pub fn into_state(self) -> Arc<dyn State> {
        Arc::new(self.db)
    }

    /// The accounts whose storage or code was touched since this copy was made.
    #[must_use]
    pub fn touched(&self) -> Vec<Address> {
        let mut touched: Vec<Address> = self.db.cache.accounts.keys().copied().collect();
        touched.sort_unstable();
        touched
    }

    fn free(&self, caller: Address, to: Address, value: U256, data: Bytes) -> TxEnv {
        TxEnv {
            caller,
            kind: TxKind::Call(to),
            value,
            data,
            gas_limit: self.chain.tx_gas_limit_cap,
            gas_price: 0,
            chain_id: Some(self.chain.chain_id),
            ..TxEnv::default()
        }
    }

    fn run(&mut self, tx: TxEnv, rules: Rules) -> Result<ResultAndState, CallError> {
        let mut cfg = CfgEnv::new_with_spec(SpecId::OSAKA).with_chain_id(self.chain.chain_id);
        cfg.memory_limit = MEMORY_LIMIT;
        cfg.disable_nonce_check = rules == Rules::Free;
        cfg.disable_eip3607 = rules == Rules::Free;
        let block = BlockEnv {
            number: U256::from(self.block.number),
            timestamp: U256::from(self.block.timestamp),
            beneficiary: self.block.beneficiary,
            gas_limit: self.block.gas_limit,
            basefee: if rules == Rules::Free { 0 } else { self.block.base_fee },
            prevrandao: Some(self.block.prevrandao),
            ..BlockEnv::default()
        };
        let context = Context::mainnet().with_db(&mut self.db).with_cfg(cfg).with_block(block);
        context.build_mainnet().transact(tx).map_err(refused)
    }
}

/// Which rules of a real transaction hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    /// No fee, no nonce, any sender.
    Free,
    /// All of them.
    AsSent,
}

fn receipt(result: ExecutionResult) -> Result<Receipt, CallError> {
    match result {
        ExecutionResult::Success { gas, output, .. } => Ok(Receipt {
            gas_used: gas.tx_gas_used(),
            gas_needed: gas.tx_gas_used().saturating_add(gas.final_refunded()),
            output: output.into_data(),
        }),
        ExecutionResult::Revert { output, .. } => Err(CallError::Reverted(Revert::decode(&output))),
        ExecutionResult::Halt { reason, .. } => Err(CallError::Halted(format!("{reason:?}"))),
    }
}

fn refused(error: EVMError<StateError>) -> CallError {
    match error {
        EVMError::Database(error) => CallError::State(error),
        EVMError::Transaction(InvalidTransaction::LackOfFundForMaxFee { fee, balance }) => {
            CallError::CannotPay { needed: *fee, balance: *balance }
        }
        other => CallError::Invalid(other.to_string()),
    }
}
