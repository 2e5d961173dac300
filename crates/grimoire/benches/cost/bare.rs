//! The EVM work of a turn and nothing else: revm on an overlay of the same state.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes, TxKind, U256};
use alloy_sol_types::{SolCall, sol};
use grimoire_core::{
    evm::{Machine, Snapshot},
    preview::Transaction,
    venue::uniswap_v3::{Route, deployment::Deployment},
};
use revm::{
    Context, ExecuteCommitEvm, ExecuteEvm, MainBuilder, MainContext,
    context::{BlockEnv, CfgEnv, TxEnv},
    database::CacheDB,
    primitives::hardfork::SpecId,
};

sol! {
    function quoteExactInput(bytes path, uint256 amountIn) external;
}

/// The calls of one turn, encoded beforehand.
pub(crate) struct Bare {
    snapshot: Snapshot,
    quotes: Vec<TxEnv>,
    calls: Vec<TxEnv>,
}

impl Bare {
    pub(crate) fn new(
        snapshot: &Snapshot,
        from: Address,
        to: Address,
        amount: u64,
        plan: &[Transaction],
    ) -> Self {
        let quoter = Deployment::of(snapshot.chain).expect("deployed").quoter_v2;
        let routes = Route::find(&mut Machine::new(snapshot), from, to).expect("the state is in memory");
        let quote = |route: &Route| {
            let call = quoteExactInputCall { path: route.path(), amountIn: U256::from(amount) };
            tx(Address::ZERO, quoter, U256::ZERO, call.abi_encode().into())
        };
        let call = |t: &Transaction| tx(snapshot.stand_in, t.to, t.value, t.data.clone());
        Self {
            snapshot: snapshot.clone(),
            quotes: routes.iter().map(quote).collect(),
            calls: plan.iter().map(call).collect(),
        }
    }

    pub(crate) fn routes(&self) -> usize {
        self.quotes.len()
    }

    /// Executes the quotes, each on the untouched state.
    pub(crate) fn quotes(&self) {
        let mut db = CacheDB::new(Arc::clone(&self.snapshot.state));
        let context = Context::mainnet().with_db(&mut db).with_cfg(rules()).with_block(self.block());
        let mut evm = context.build_mainnet();
        for tx in &self.quotes {
            assert!(evm.transact(tx.clone()).expect("a valid call").result.is_success());
        }
    }

    /// Executes the plan's calls one after another.
    pub(crate) fn calls(&self) {
        let mut db = CacheDB::new(Arc::clone(&self.snapshot.state));
        let context = Context::mainnet().with_db(&mut db).with_cfg(rules()).with_block(self.block());
        let mut evm = context.build_mainnet();
        for tx in &self.calls {
            assert!(evm.transact_commit(tx.clone()).expect("a valid call").is_success());
        }
    }

    fn block(&self) -> BlockEnv {
        BlockEnv { timestamp: U256::from(self.snapshot.block.timestamp), basefee: 0, ..BlockEnv::default() }
    }
}

fn rules() -> CfgEnv {
    let mut rules = CfgEnv::new_with_spec(SpecId::OSAKA).with_chain_id(1);
    rules.disable_nonce_check = true;
    rules
}

fn tx(caller: Address, to: Address, value: U256, data: Bytes) -> TxEnv {
    TxEnv {
        caller,
        kind: TxKind::Call(to),
        value,
        data,
        gas_limit: 16_000_000,
        gas_price: 0,
        ..TxEnv::default()
    }
}
