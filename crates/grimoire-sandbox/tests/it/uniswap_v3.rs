//! Uniswap v3 on the sandbox is mainnet's, as deep as the market says, and quotes what it pays.

use alloy_primitives::{
    Address, U256, address,
    aliases::{I24, U24},
    utils::parse_units,
};
use alloy_sol_types::sol;
use grimoire_core::venue::uniswap_v3::deployment::Deployment;
use grimoire_registry::REGISTRY;

use crate::{
    evm::Evm,
    feeds::dollars,
    fixture::{CHAIN, account, contract, snapshot, token, units},
    trade::{Erc20, pools, quote, swap},
};

sol! {
    interface Periphery {
        function factory() external view returns (address);
        function WETH9() external view returns (address);
        function feeAmountTickSpacing(uint24 fee) external view returns (int24);
    }
}

#[test]
fn its_contracts_know_each_other() {
    let mut evm = Evm::on(&snapshot());
    let factory = contract("uniswap_v3", "factory");
    for name in ["swap_router_02", "quoter_v2", "position_manager"] {
        let at = contract("uniswap_v3", name);
        assert_eq!(evm.ask(at, &Periphery::factoryCall {}), factory, "{name}");
        assert_eq!(evm.ask(at, &Periphery::WETH9Call {}), token("WETH"), "{name}");
    }
    let tiers = &Deployment::of(CHAIN).expect("deployed").fee_tiers;
    let spacing = |fee: &u32| evm.ask(factory, &Periphery::feeAmountTickSpacingCall { fee: U24::from(*fee) });
    let spacings: Vec<I24> = tiers.iter().map(spacing).collect();
    assert_eq!(spacings, [1, 10, 60, 200].map(|n| I24::try_from(n).expect("small")));
}

#[test]
fn every_contract_of_the_registry_that_is_used_has_code() {
    let (chain, state) = (REGISTRY.chain(CHAIN), snapshot().state);
    let deployment = &REGISTRY.venue("uniswap_v3").expect("a venue").deployments[&CHAIN];
    for at in deployment.addresses().iter().chain([&chain.multicall3]) {
        let account =
            state.basic_ref(*at).expect("the sandbox answers").unwrap_or_else(|| panic!("{at} is empty"));
        let code = account.code.expect("code comes with the account");
        assert!(!code.is_empty() && code.hash_slow() == account.code_hash, "{at}");
    }
}

#[test]
fn the_factory_has_made_every_pool() {
    let factory = snapshot().state.basic_ref(contract("uniswap_v3", "factory")).expect("the sandbox answers");
    // A contract starts at one and counts what it creates.
    assert_eq!(factory.map(|account| account.nonce), Some(1 + 26));
}

#[test]
fn pools_have_the_addresses_of_mainnet() {
    let known = [
        ("USDC", "WETH", 500, address!("0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640")),
        ("USDC", "WETH", 3000, address!("0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8")),
        ("WETH", "USDT", 500, address!("0x11b815efB8f581194ae79006d24E0d814B7697F6")),
        ("WETH", "USDT", 3000, address!("0x4e68Ccd3E89f51C3074ca5072bbAC773960dFa36")),
        ("USDC", "USDT", 100, address!("0x3416cF6C708Da44DB2624D63ea0AAef7113527C6")),
        ("DAI", "USDC", 100, address!("0x5777d92f208679DB4b9778590Fa3CAB3aC9e2168")),
        ("DAI", "WETH", 3000, address!("0xC2e9F25Be6257c210d7Adf0D4Cd6E3E881ba25f8")),
        ("WBTC", "WETH", 500, address!("0x4585FE77225b41b697C938B018E2Ac67Ac5a20c0")),
        ("WBTC", "WETH", 3000, address!("0xCBCdF9626bC03E24f779434178A73a0B4bad62eD")),
        ("WBTC", "USDC", 3000, address!("0x99ac8cA7087fA4A2A1FB6357269965A2014ABc35")),
        ("wstETH", "WETH", 100, address!("0x109830a1AAaD605BbF02a9dFA7B0B92EC2FB7dAa")),
        ("LINK", "WETH", 3000, address!("0xa6Cc3C2531FdaA6Ae1A3CA84c2855806728693e8")),
        ("UNI", "WETH", 3000, address!("0x1d42064Fc4Beb5F8aAF85F4617AE8b3b5B8Bd801")),
    ];
    let pools = pools();
    assert_eq!(pools.len(), 26);
    for (a, b, fee, address) in known {
        let found =
            pools.iter().find(|p| p.fee == fee && p.pair.contains(&a.into()) && p.pair.contains(&b.into()));
        assert_eq!(found.map(|pool| pool.address), Some(address), "{a} {b} {fee}");
    }
}

#[test]
fn every_pool_pays_what_is_quoted() {
    let mut compared = 0;
    for pool in pools() {
        let [zero, one] = [0, 1].map(|side| pool.pair[side].as_str());
        for pair in [[zero, one], [one, zero]] {
            let held = Evm::on(&snapshot())
                .ask(token(pair[0]), &Erc20::balanceOfCall { account: account("stand_in") });
            for part in [1, 100, 100_000, 1_000_000_000] {
                let amount = held / U256::from(part);
                if amount.is_zero() {
                    continue;
                }
                let mut evm = Evm::on(&snapshot());
                let quoted = quote(&mut evm, pair, pool.fee, amount);
                let got = |evm: &mut Evm| {
                    evm.ask(token(pair[1]), &Erc20::balanceOfCall { account: account("stand_in") })
                };
                let before = got(&mut evm);
                for call in swap(pair, pool.fee, amount) {
                    let outcome = evm.run(&call);
                    assert!(outcome.success, "{pair:?} {} {amount}: {}", pool.fee, outcome.output);
                }
                assert_eq!(got(&mut evm) - before, quoted, "{pair:?} {} {amount}", pool.fee);
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "{compared} compared");
}

#[test]
fn depth_is_as_the_market_says() {
    // Hundredths of a basis point below the market's price of 2500, fee included.
    for (usd, low, high) in
        [(100, 495, 505), (10_000, 560, 575), (100_000, 1160, 1175), (1_000_000, 7100, 7140)]
    {
        let fair = units(1, "WETH") * U256::from(usd) / U256::from(2500);
        let paid = quote(&mut Evm::on(&snapshot()), ["USDC", "WETH"], 500, units(usd, "USDC"));
        let loss = (fair - paid) * U256::from(1_000_000) / fair;
        assert!((U256::from(low)..=U256::from(high)).contains(&loss), "{usd} dollars lose {loss}");
    }
}

#[test]
fn pools_hold_the_dollars_the_market_gives_them() {
    let market: toml::Value = toml::from_str(include_str!("../../market/ethereum.toml")).expect("a market");
    let rows = market["venues"]["uniswap_v3"]["pools"].as_array().expect("pools");
    let mut evm = Evm::on(&snapshot());
    let mut compared = 0;
    for (pool, row) in pools().iter().zip(rows) {
        assert_eq!(i64::from(pool.fee), row["fee"].as_integer().expect("a fee"));
        let side: U256 = row["side"].as_str().expect("dollars").parse().expect("whole dollars");
        for (symbol, told) in pool.pair.iter().zip(&pool.depth) {
            let held = evm.ask(token(symbol), &Erc20::balanceOfCall { account: pool.address });
            let decimals = REGISTRY.token(CHAIN, symbol).expect("a token").decimals;
            assert_eq!(
                held,
                parse_units(told, decimals).expect("a decimal").get_absolute(),
                "{symbol} {told}"
            );
            let Some(worth) = dollars(&mut evm, symbol, held) else { continue };
            // Of a narrow range one side takes less: it ends on a multiple of the spacing.
            let least = if row.get("range_percent").is_some() {
                side * U256::from(94) / U256::from(100)
            } else {
                side - U256::from(20)
            };
            assert!(
                worth <= side && worth >= least,
                "{:?} {}: {worth} dollars of {symbol}",
                pool.pair,
                pool.fee
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 26 - 2, "all sides but LDO and PEPE");
}

#[test]
fn the_stand_in_can_trade_without_touching_the_snapshot() {
    let user = account("stand_in");
    let balance = |evm: &mut Evm| evm.ask(token("USDC"), &Erc20::balanceOfCall { account: user });
    let mut evm = Evm::on(&snapshot());
    let before = balance(&mut evm);
    for call in swap(["USDC", "WETH"], 500, units(100, "USDC")) {
        assert!(evm.run(&call).success);
    }
    assert_eq!(before - balance(&mut evm), units(100, "USDC"));
    assert_eq!(balance(&mut Evm::on(&snapshot())), before);
    assert_ne!(user, Address::ZERO);
}
