//! anvil and revm agree on every outcome and every unit of gas: the answers are not one program's opinion.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall as _, SolValue as _, sol};
use grimoire_core::evm::Snapshot;
use grimoire_registry::REGISTRY;

use crate::{
    aave_v3, across,
    anvil::{self, Anvil, Fee},
    evm::{Call, Evm, Outcome},
    fixture::{CHAIN, On, account, contract, paths, sandbox, snapshot, token, units},
    morpho_blue,
    trade::{quote_call, swap},
};

sol! {
    interface Erc20 {
        function approve(address spender, uint256 value) external;
        function transfer(address to, uint256 value) external;
        function deposit() external payable;
        function withdraw(uint256 value) external;
    }

    interface Blocks {
        function getBlockNumber() external view returns (uint256);
        function getCurrentBlockTimestamp() external view returns (uint256);
        function getCurrentBlockGasLimit() external view returns (uint256);
        function getCurrentBlockCoinbase() external view returns (address);
        function getCurrentBlockDifficulty() external view returns (uint256);
        function getChainId() external view returns (uint256);
        function getBasefee() external view returns (uint256);
        function getEthBalance(address account) external view returns (uint256);
    }
}

const ETHEREUM: On = On(CHAIN);

fn start(on: On) -> Anvil {
    let genesis = sandbox().genesis(on.0).expect("a served chain");
    Anvil::start(&paths().contracts, &paths().snapshots, &genesis)
}

fn translated(call: &Call) -> anvil::Call {
    let Call { from, to, value, data } = call.clone();
    anvil::Call { from, to, value, data, gas_limit: REGISTRY.chain(CHAIN).tx_gas_limit_cap }
}

/// Makes the calls on both and gives what both say.
fn agreed(anvil: &Anvil, snapshot: &Snapshot, fee: Option<Fee>, calls: &[Call]) -> Vec<Outcome> {
    let mut evm = fee.map_or_else(|| Evm::on(snapshot), |fee| Evm::paying(snapshot, fee));
    let same: Vec<anvil::Call> = calls.iter().map(translated).collect();
    let theirs = match fee {
        Some(fee) => anvil.simulate_paying(&snapshot.block, fee, &same),
        None => anvil.simulate(&snapshot.block, &same),
    };
    assert_eq!(theirs.len(), calls.len());
    let compare = |(call, theirs): (&Call, anvil::Outcome)| {
        let ours = evm.run(call);
        assert_eq!(
            (ours.success, ours.gas, &ours.output),
            (theirs.success, theirs.gas, &theirs.output),
            "{call:?}"
        );
        ours
    };
    calls.iter().zip(theirs).map(compare).collect()
}

#[test]
fn every_venue_and_every_pool_of_any_chain_costs_and_pays_the_same() {
    for on in On::every() {
        let (anvil, snapshot) = (start(on), on.snapshot());
        let who = on.account("stand_in");
        let mut calls = aave_v3::supply(on, who, "WETH", on.units(10, "WETH")).to_vec();
        let loan = aave_v3::borrow(on, who, "USDC", on.units(5_000, "USDC"));
        calls.push(Call::new(who, on.contract("aave_v3", "pool"), &loan));
        calls.extend(morpho_blue::lend(on));
        calls.extend(across::bridge(on));
        let outcomes = agreed(&anvil, &snapshot, None, &calls);
        assert!(outcomes.iter().all(|outcome| outcome.success), "{on:?}");
        calls.clear();
        for pool in on.info().pools {
            let [zero, one] = [0, 1].map(|side| pool.pair[side].as_str());
            for pair in [[zero, one], [one, zero]] {
                calls.extend(swap(on, pair, pool.fee, on.units(1, pair[0])));
            }
        }
        // The pools one after another on one state: four transactions for each.
        for some in calls.chunks(64) {
            let outcomes = agreed(&anvil, &snapshot, None, some);
            assert!(outcomes.iter().all(|outcome| outcome.success), "{on:?}");
        }
    }
}

#[test]
fn a_plan_of_many_calls_costs_and_pays_the_same() {
    let (anvil, snapshot) = (start(ETHEREUM), snapshot());
    let calls: Vec<Call> = [["USDC", "WETH"], ["WETH", "WBTC"], ["WBTC", "USDC"]]
        .into_iter()
        .flat_map(|pair| {
            swap(ETHEREUM, pair, if pair.contains(&"USDC") { 3000 } else { 500 }, units(2, pair[0]))
        })
        .collect();
    let outcomes = agreed(&anvil, &snapshot, None, &calls);
    assert!(outcomes.iter().all(|outcome| outcome.success));
    assert_eq!(outcomes.len(), 6);
}

#[test]
fn gas_is_paid_for_the_same() {
    let (anvil, snapshot, user) = (start(ETHEREUM), snapshot(), account("stand_in"));
    let (base, tip) = (u128::from(snapshot.block.base_fee), u128::from(snapshot.block.priority_fee));
    let at = REGISTRY.chain(CHAIN).multicall3;
    let mut calls = swap(ETHEREUM, ["USDC", "WETH"], 500, units(100, "USDC")).to_vec();
    calls.push(Call::new(user, at, &Blocks::getEthBalanceCall { account: user }));
    calls.push(Call::new(user, at, &Blocks::getBasefeeCall {}));
    let outcomes = agreed(&anvil, &snapshot, Some(Fee { max: 2 * base + tip, tip }), &calls);
    let paid = U256::from(outcomes[0].gas + outcomes[1].gas) * U256::from(base + tip);
    // The asking transaction has paid for all the gas it may use before it looks.
    let ahead = U256::from(REGISTRY.chain(CHAIN).tx_gas_limit_cap) * U256::from(base + tip);
    assert_eq!(outcomes[2].output, (units(10_000, "ETH") - paid - ahead).abi_encode());
    assert_eq!(outcomes[3].output, U256::from(base).abi_encode());
}

#[test]
fn what_fails_fails_the_same() {
    let (anvil, snapshot, user) = (start(ETHEREUM), snapshot(), account("lender"));
    let usdt = token("USDT");
    let approve = |value: u64| {
        Call::new(account("stand_in"), usdt, &Erc20::approveCall { spender: user, value: U256::from(value) })
    };
    let weth = token("WETH");
    let wrap = Call { value: U256::from(5), ..Call::new(user, weth, &Erc20::depositCall {}) };
    let unapproved = swap(ETHEREUM, ["USDC", "WETH"], 500, units(1, "USDC"))[1].clone();
    let calls = [
        approve(5),
        approve(6),
        Call::new(user, usdt, &Erc20::transferCall { to: usdt, value: U256::MAX }),
        unapproved,
        wrap,
        Call::new(user, weth, &Erc20::withdrawCall { value: U256::from(6) }),
        Call { from: user, to: Address::repeat_byte(0x77), value: U256::ONE, data: Bytes::new() },
    ];
    let success: Vec<bool> =
        agreed(&anvil, &snapshot, None, &calls).iter().map(|outcome| outcome.success).collect();
    assert_eq!(success, [true, false, false, false, true, false, true]);
}

#[test]
fn the_rules_are_the_same() {
    // Prices that changed last: data that is mostly data (Prague), MODEXP and P256VERIFY (Osaka).
    let (anvil, snapshot, user) = (start(ETHEREUM), snapshot(), account("lender"));
    let call =
        |to: Address, bytes: usize| Call { from: user, to, value: U256::ZERO, data: vec![1; bytes].into() };
    let precompile = |n: u64| Address::from_word(U256::from(n).into());
    let calls = [call(Address::repeat_byte(0x77), 1_000), call(precompile(5), 0), call(precompile(0x100), 0)];
    let gas: Vec<u64> = agreed(&anvil, &snapshot, None, &calls).iter().map(|outcome| outcome.gas).collect();
    assert_eq!(gas, [21_000 + 40 * 1_000, 21_000 + 500, 21_000 + 6_900]);
}

#[test]
fn quotes_are_the_same() {
    let (anvil, snapshot) = (start(ETHEREUM), snapshot());
    for amount in [1, 100, 10_000, 1_000_000] {
        let data = quote_call(ETHEREUM, ["USDC", "WETH"], 500, units(amount, "USDC")).abi_encode().into();
        let call =
            Call { from: Address::ZERO, to: contract("uniswap_v3", "quoter_v2"), value: U256::ZERO, data };
        assert_eq!(
            anvil.call(&snapshot.block, &translated(&call)),
            Evm::on(&snapshot).run(&call).output,
            "{amount}"
        );
    }
}

#[test]
fn the_block_is_the_same() {
    let (anvil, snapshot, at) = (start(ETHEREUM), snapshot(), REGISTRY.chain(CHAIN).multicall3);
    let ask = |data: Vec<u8>| Call { from: Address::ZERO, to: at, value: U256::ZERO, data: data.into() };
    let calls = [
        ask(Blocks::getBlockNumberCall {}.abi_encode()),
        ask(Blocks::getCurrentBlockTimestampCall {}.abi_encode()),
        ask(Blocks::getCurrentBlockGasLimitCall {}.abi_encode()),
        ask(Blocks::getCurrentBlockCoinbaseCall {}.abi_encode()),
        ask(Blocks::getCurrentBlockDifficultyCall {}.abi_encode()),
        ask(Blocks::getChainIdCall {}.abi_encode()),
    ];
    assert!(agreed(&anvil, &snapshot, None, &calls).iter().all(|outcome| outcome.success));
}
