//! A chain under construction: deploy, send, look.
//!
//! What comes in: creation code and calls. What goes out: what they return, and at the end the accounts they left.
//! What it refuses to know: what is being built. Gas is free, and every transaction succeeds or is an error.

use alloy_primitives::{Address, Bytes, TxKind, U256, hex};
use alloy_sol_types::SolCall;
use grimoire_registry::{ChainId, REGISTRY};
use revm::{
    Context, DatabaseRef, ExecuteCommitEvm, ExecuteEvm, InspectCommitEvm, MainBuilder, MainContext,
    context::{
        BlockEnv, CfgEnv, TxEnv,
        result::{ExecutionResult, Output},
    },
    database::{CacheDB, EmptyDB},
    handler::MainnetContext,
    primitives::hardfork::SpecId,
    state::AccountInfo,
};

use crate::{error::SandboxError, relocate::Relocate};

/// The accounts of a chain and their code.
pub(crate) type Accounts = CacheDB<EmptyDB>;

/// A chain that is being built.
pub(crate) struct DevChain {
    chain: ChainId,
    block: BlockEnv,
    accounts: Accounts,
    deployer: Address,
}

impl DevChain {
    /// An empty chain whose clock stands at `number` and `timestamp`; `deployer` creates its contracts.
    pub(crate) fn new(chain: ChainId, number: u64, timestamp: u64, deployer: Address) -> Self {
        let (number, timestamp) = (U256::from(number), U256::from(timestamp));
        let block = BlockEnv { number, timestamp, gas_limit: u64::MAX, basefee: 0, ..Default::default() };
        Self { chain, block, accounts: Accounts::default(), deployer }
    }

    /// Sets the native balance of an account.
    pub(crate) fn endow(&mut self, account: Address, wei: U256) {
        self.accounts.insert_account_info(account, AccountInfo::from_balance(wei));
    }

    /// Writes a slot of a contract, where no call can.
    pub(crate) fn store(&mut self, contract: Address, slot: U256, value: U256) {
        let Ok(()) = self.accounts.insert_account_storage(contract, slot, value);
    }

    /// Creates a contract at `place`, or where the deployer's nonce puts it.
    pub(crate) fn create(
        &mut self,
        place: Option<Address>,
        what: &str,
        mut code: Vec<u8>,
        arguments: &[u8],
    ) -> Result<Address, SandboxError> {
        code.extend_from_slice(arguments);
        let tx = self.transaction(self.deployer, TxKind::Create, U256::ZERO, code.into());
        let failed = |chain: &Self, why| chain.failed(format!("the creation of {what}"), why);
        let evm = self.context().build_mainnet_with_inspector(Relocate::to([place])).inspect_tx_commit(tx);
        let result = evm.map_err(|e| failed(self, e.to_string()))?;
        match succeeded(result).map_err(|why| failed(self, why))? {
            Output::Create(_, Some(address)) => Ok(address),
            _ => Err(failed(self, "it has no address".into())),
        }
    }

    /// Calls a contract and gives what it returned, unread.
    pub(crate) fn send_raw<C: SolCall>(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<Bytes, SandboxError> {
        let tx = self.transaction(from, TxKind::Call(to), value, call.abi_encode().into());
        let result = self.context().build_mainnet().transact_commit(tx);
        let result = result.map_err(|e| self.failed(C::SIGNATURE, e.to_string()))?;
        succeeded(result).map(Output::into_data).map_err(|why| self.failed(C::SIGNATURE, why))
    }

    /// Calls a contract.
    pub(crate) fn send<C: SolCall>(
        &mut self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<C::Return, SandboxError> {
        let output = self.send_raw(from, to, U256::ZERO, call)?;
        self.decode::<C>(&output)
    }

    /// Calls a contract whose creations land at `places`, in the order they begin.
    pub(crate) fn send_placed<C: SolCall>(
        &mut self,
        from: Address,
        to: Address,
        call: &C,
        places: impl IntoIterator<Item = Option<Address>>,
    ) -> Result<(), SandboxError> {
        let tx = self.transaction(from, TxKind::Call(to), U256::ZERO, call.abi_encode().into());
        let evm = self.context().build_mainnet_with_inspector(Relocate::to(places)).inspect_tx_commit(tx);
        let result = evm.map_err(|e| self.failed(C::SIGNATURE, e.to_string()))?;
        succeeded(result).map(|_| ()).map_err(|why| self.failed(C::SIGNATURE, why))
    }

    /// Asks a contract, changing nothing.
    pub(crate) fn view<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, SandboxError> {
        let tx = self.transaction(self.deployer, TxKind::Call(to), U256::ZERO, call.abi_encode().into());
        let context = Context::mainnet().with_db(CacheDB::new(&self.accounts));
        let mut evm = context.with_cfg(self.rules()).with_block(self.block.clone()).build_mainnet();
        let result = evm.transact(tx).map_err(|e| self.failed(C::SIGNATURE, e.to_string()))?.result;
        let output = succeeded(result).map_err(|why| self.failed(C::SIGNATURE, why))?;
        self.decode::<C>(output.data())
    }

    /// Whether an account has code.
    pub(crate) fn has_code(&self, account: Address) -> bool {
        let Ok(found) = self.accounts.basic_ref(account);
        found.is_some_and(|account| !account.is_empty_code_hash())
    }

    /// What was built.
    pub(crate) fn into_accounts(self) -> Accounts {
        self.accounts
    }

    fn decode<C: SolCall>(&self, output: &[u8]) -> Result<C::Return, SandboxError> {
        C::abi_decode_returns(output).map_err(|e| self.failed(C::SIGNATURE, e.to_string()))
    }

    fn failed(&self, doing: impl Into<String>, why: String) -> SandboxError {
        SandboxError::Build { chain: self.chain, doing: doing.into(), why }
    }

    fn rules(&self) -> CfgEnv {
        let mut rules = CfgEnv::new_with_spec(SpecId::OSAKA);
        rules.chain_id = REGISTRY.chain(self.chain).chain_id;
        rules.disable_nonce_check = true;
        rules
    }

    fn context(&mut self) -> MainnetContext<&mut Accounts> {
        let (rules, block) = (self.rules(), self.block.clone());
        Context::mainnet().with_db(&mut self.accounts).with_cfg(rules).with_block(block)
    }

    fn transaction(&self, caller: Address, kind: TxKind, value: U256, data: Bytes) -> TxEnv {
        let chain = REGISTRY.chain(self.chain);
        let (gas_limit, chain_id) = (chain.tx_gas_limit_cap, Some(chain.chain_id));
        TxEnv { caller, kind, value, data, gas_limit, gas_price: 0, chain_id, ..Default::default() }
    }
}

/// What a transaction put out, or why it failed.
fn succeeded(result: ExecutionResult) -> Result<Output, String> {
    match result {
        ExecutionResult::Success { output, .. } => Ok(output),
        ExecutionResult::Revert { output, .. } => {
            let reason = alloy_sol_types::decode_revert_reason(&output).unwrap_or_default();
            Err(format!("reverted with {} {reason}", hex::encode_prefixed(&output)))
        }
        ExecutionResult::Halt { reason, .. } => Err(format!("halted: {reason:?}")),
    }
}
