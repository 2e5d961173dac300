//! Setting a scene: the sandbox's state, intents, and changes to the state before a test looks.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use grimoire_core::{
    evm::{Call, Machine, Snapshot, StateError, StateSource},
    preview::{BalanceChange, Preview},
    token::{self, IErc20},
    turn::{Reply, Settings, World},
    venue::uniswap_v3::deployment::Deployment,
};
use grimoire_lang::{Action, ActionKind, Intent, Role, Source, Sourced};
use grimoire_registry::{ChainId, REGISTRY, Token};
use grimoire_sandbox::{Paths, Sandbox};
use revm::{
    Context, ExecuteCommitEvm, MainBuilder, MainContext,
    context::{BlockEnv, CfgEnv, TxEnv},
    database::CacheDB,
    primitives::{TxKind, hardfork::SpecId},
};

/// The sandbox, built or loaded once for all tests.
pub(crate) static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
    Sandbox::load_or_build(&paths(), &mut |_| {})
        .expect("the sandbox's contracts are installed: run `make contracts`")
});

/// Where the sandbox's contracts and snapshots are.
pub(crate) fn paths() -> Paths {
    Paths {
        contracts: Path::new(env!("CARGO_MANIFEST_DIR")).join("../grimoire-sandbox/contracts"),
        snapshots: Path::new(env!("CARGO_TARGET_TMPDIR")).join("snapshots"),
    }
}

/// The ethereum chain of the sandbox as it begins.
pub(crate) fn ethereum() -> Snapshot {
    SANDBOX.snapshot(ChainId::Ethereum).expect("the sandbox serves ethereum")
}

pub(crate) fn token(symbol: &str) -> &'static Token {
    REGISTRY.token(ChainId::Ethereum, symbol).expect("a listed token")
}

pub(crate) fn contract(symbol: &str) -> Address {
    token(symbol).address.expect("an ERC-20")
}

pub(crate) fn router() -> Address {
    Deployment::of(ChainId::Ethereum).expect("deployed").swap_router_02
}

/// A state given as it is.
struct Fixed(Snapshot);

impl StateSource for Fixed {
    fn chains(&self) -> Vec<ChainId> {
        vec![self.0.chain]
    }

    fn snapshot(&self, _: ChainId) -> Result<Snapshot, StateError> {
        Ok(self.0.clone())
    }
}

/// An action in canonical values: `deposit venue=aave_v3 token=USDC amount=100`. Without a kind it is a swap; without
/// a chain it runs on ethereum. A `_` in a value other than a venue is a space.
pub(crate) fn action(text: &str) -> Action {
    let (kind, said) = match text.split_once(' ') {
        Some((first, rest)) if !first.contains('=') => (first, rest),
        _ => ("swap", text),
    };
    let kind: ActionKind = serde_json::from_value(kind.into()).expect("a kind");
    let mut values: Vec<(Role, Sourced)> = said
        .split(' ')
        .map(|value| {
            let (role, value) = value.split_once('=').expect("role=value");
            let role: Role = serde_json::from_value(role.into()).expect("a role");
            let spaced = if role == Role::Venue { value.to_owned() } else { value.replace('_', " ") };
            (role, Sourced { value: spaced, source: Source::Context })
        })
        .collect();
    let mut assume = |role, value: &str| {
        if values.iter().all(|(r, _)| *r != role) {
            values.push((role, Sourced { value: value.to_owned(), source: Source::Context }));
        }
    };
    assume(Role::Chain, "ethereum");
    match kind {
        ActionKind::Swap => assume(Role::Venue, "uniswap_v3"),
        ActionKind::Bridge => assume(Role::Venue, "across"),
        _ => {}
    }
    values.sort_by_key(|(role, _)| *role);
    Action { kind, values }
}

pub(crate) fn intent(actions: &[&str]) -> Intent {
    Intent { actions: actions.iter().map(|a| action(a)).collect(), notes: Vec::new() }
}

/// The reply on the sandbox as it begins, whatever chains it touches.
pub(crate) fn reply_as(actions: &[&str], wallet: Option<Address>) -> Reply {
    world().preview(&intent(actions), wallet, &mut |_| {}).expect("the state can be read")
}

/// The preview on the sandbox as it begins.
pub(crate) fn preview_as(actions: &[&str], wallet: Option<Address>) -> Preview {
    match reply_as(actions, wallet) {
        Reply::Preview(preview) => *preview,
        Reply::Clarification(asked) => panic!("asked: {}", asked.message),
    }
}

/// The market's account of that name.
pub(crate) fn account(name: &str) -> Address {
    SANDBOX.account(ChainId::Ethereum, name).unwrap_or_else(|| panic!("the market has no account {name}"))
}

/// A change in a preview: token, position, amount.
pub(crate) fn change<'a>(changes: &'a [BalanceChange], token: &str, position: Option<&str>) -> &'a str {
    let found = changes.iter().find(|c| c.token == token && c.position == position && c.account.is_none());
    found.map_or("0", |c| c.amount.as_str())
}

/// A fact of a step, by its label.
pub(crate) fn fact<'a>(preview: &'a Preview, step: usize, label: &str) -> &'a str {
    let facts = &preview.steps[step].facts;
    facts.iter().find(|f| f.label == label).map_or_else(|| panic!("no {label} in {facts:?}"), |f| &f.value)
}

/// The world of the sandbox, every chain.
static WORLD: LazyLock<World> =
    LazyLock::new(|| World::new(vec![Arc::new(SANDBOX.clone())], Settings::default()));

pub(crate) fn world() -> &'static World {
    &WORLD
}

/// A world of one chain.
pub(crate) fn world_of(snapshot: &Snapshot) -> World {
    World::new(vec![Arc::new(Fixed(snapshot.clone()))], Settings::default())
}

/// The reply for an intent on a state.
pub(crate) fn reply(snapshot: &Snapshot, intent: &Intent, wallet: Option<Address>) -> Reply {
    world_of(snapshot).preview(intent, wallet, &mut |_| {}).expect("the state can be read")
}

/// The preview of swaps from the stand-in.
pub(crate) fn preview(actions: &[&str]) -> Preview {
    preview_on(&ethereum(), actions, None)
}

pub(crate) fn preview_on(snapshot: &Snapshot, actions: &[&str], wallet: Option<Address>) -> Preview {
    match reply(snapshot, &intent(actions), wallet) {
        Reply::Preview(preview) => *preview,
        Reply::Clarification(asked) => panic!("asked: {}", asked.message),
    }
}

/// What blocks swaps, by code.
pub(crate) fn blocked(preview: &Preview) -> &'static str {
    assert!(!preview.executable && preview.transactions.is_empty(), "a blocked plan hands out nothing");
    preview.blocked.as_ref().expect("it says why").code
}

/// The state after more transactions, free of gas: `(from, to, value, data)`.
pub(crate) fn after(snapshot: &Snapshot, calls: &[(Address, Address, U256, Bytes)]) -> Snapshot {
    let mut db = CacheDB::new(Arc::clone(&snapshot.state));
    for (from, to, value, data) in calls {
        let mut cfg =
            CfgEnv::new_with_spec(SpecId::OSAKA).with_chain_id(REGISTRY.chain(snapshot.chain).chain_id);
        cfg.disable_nonce_check = true;
        let block = BlockEnv { timestamp: U256::from(snapshot.block.timestamp), ..BlockEnv::default() };
        let tx = TxEnv {
            caller: *from,
            kind: TxKind::Call(*to),
            value: *value,
            data: data.clone(),
            gas_limit: 10_000_000,
            ..TxEnv::default()
        };
        let mut evm = Context::mainnet().with_db(&mut db).with_cfg(cfg).with_block(block).build_mainnet();
        assert!(
            evm.transact_commit(tx).expect("a valid transaction").is_success(),
            "the scene could not be set"
        );
    }
    Snapshot { state: Arc::new(db), ..snapshot.clone() }
}

pub(crate) fn approve(
    owner: Address,
    symbol: &str,
    spender: Address,
    raw: u64,
) -> (Address, Address, U256, Bytes) {
    let call = IErc20::approveCall { spender, amount: U256::from(raw) };
    (owner, contract(symbol), U256::ZERO, call.abi_encode().into())
}

/// A wallet with so much of a token and so much wei.
pub(crate) fn wallet(symbol: &str, raw: u64, wei: u64) -> (Snapshot, Address) {
    alloy_sol_types::sol! { function transfer(address to, uint256 value); }
    let wallet = Address::repeat_byte(0x77);
    let base = ethereum();
    let transfer = transferCall { to: wallet, value: U256::from(raw) };
    let give = [
        (base.stand_in, contract(symbol), U256::ZERO, transfer.abi_encode().into()),
        (base.stand_in, wallet, U256::from(wei), Bytes::new()),
    ];
    (after(&base, &give), wallet)
}

/// What running a preview's transactions by hand leaves in a wallet.
pub(crate) fn balance_after(snapshot: &Snapshot, wallet: Address, preview: &Preview, symbol: &str) -> U256 {
    let mut machine = Machine::new(snapshot);
    for tx in &preview.transactions {
        let call = Call { to: tx.to, value: tx.value, data: tx.data.clone(), title: String::new() };
        machine.rehearse(wallet, &call).expect("an executable plan runs");
    }
    token::balance(&mut machine, token(symbol), wallet).expect("a token").raw
}
