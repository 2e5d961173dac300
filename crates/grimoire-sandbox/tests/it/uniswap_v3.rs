//! Uniswap v3 on the sandbox is mainnet's, as deep as the market says, and quotes what it pays.

use alloy_primitives::{
    Address, U256, address,
    aliases::{I24, U24},
    utils::parse_units,
};
use alloy_sol_types::sol;
use grimoire_core::venue::uniswap_v3::deployment::Deployment;
use grimoire_registry::{ChainId, REGISTRY};

use crate::{
    evm::Evm,
    feeds::dollars,
    fixture::{CHAIN, On, account, snapshot, token, units},
    trade::{Erc20, quote, swap},
};

sol! {
    interface Periphery {
        function factory() external view returns (address);
        function WETH9() external view returns (address);
        function feeAmountTickSpacing(uint24 fee) external view returns (int24);
    }
}

const ETHEREUM: On = On(CHAIN);

#[test]
fn its_contracts_know_each_other() {
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), Deployment::of(on.0).expect("deployed"));
        let wrapped = REGISTRY.wrapped(on.0).address.expect("a contract");
        for contract in [at.swap_router_02, at.quoter_v2, at.position_manager] {
            assert_eq!(evm.ask(contract, &Periphery::factoryCall {}), at.factory, "{on:?} {contract}");
            assert_eq!(evm.ask(contract, &Periphery::WETH9Call {}), wrapped, "{on:?} {contract}");
        }
        let spacing =
            |fee: &u32| evm.ask(at.factory, &Periphery::feeAmountTickSpacingCall { fee: U24::from(*fee) });
        let spacings: Vec<I24> = at.fee_tiers.iter().map(spacing).collect();
        assert_eq!(spacings, [1, 10, 60, 200].map(|n| I24::try_from(n).expect("small")), "{on:?}");
    }
}

#[test]
fn every_contract_of_the_registry_that_is_used_has_code() {
    for on in On::every() {
        let (chain, state) = (REGISTRY.chain(on.0), on.snapshot().state);
        let deployment = &REGISTRY.venue("uniswap_v3").expect("a venue").deployments[&on.0];
        for at in deployment.addresses().iter().chain([&chain.multicall3]) {
            let account = state.basic_ref(*at).expect("the sandbox answers");
            let account = account.unwrap_or_else(|| panic!("{on:?}: {at} is empty"));
            let code = account.code.expect("code comes with the account");
            assert!(!code.is_empty() && code.hash_slow() == account.code_hash, "{on:?} {at}");
        }
    }
}

#[test]
fn the_factory_has_made_every_pool() {
    let made = On::every().map(|on| {
        let factory = Deployment::of(on.0).expect("deployed").factory;
        let account = on.snapshot().state.basic_ref(factory).expect("the sandbox answers");
        account.map_or(0, |account| account.nonce)
    });
    // A contract starts at one and counts what it creates.
    assert_eq!(made.collect::<Vec<_>>(), [26, 18, 12, 15, 12].map(|pools| pools + 1));
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
    let pools = ETHEREUM.info().pools;
    assert_eq!(pools.len(), 26);
    for (a, b, fee, address) in known {
        let found =
            pools.iter().find(|p| p.fee == fee && p.pair.contains(&a.into()) && p.pair.contains(&b.into()));
        assert_eq!(found.map(|pool| pool.address), Some(address), "{a} {b} {fee}");
    }
}

#[test]
fn pools_of_other_chains_have_their_addresses_too() {
    let known = [
        (ChainId::Arbitrum, "USDC", "WETH", address!("0xC6962004f452bE9203591991D15f6b388e09E8D0")),
        (ChainId::Base, "WETH", "USDC", address!("0xd0b53D9277642d899DF5C87A3966A349A798F224")),
    ];
    for (chain, a, b, address) in known {
        let pools = On(chain).info().pools;
        let found = pools.iter().find(|pool| pool.pair == [a, b] && pool.fee == 500);
        let found = found.or_else(|| pools.iter().find(|pool| pool.pair == [b, a] && pool.fee == 500));
        assert_eq!(found.map(|pool| pool.address), Some(address), "{chain}");
    }
}

#[test]
fn every_pool_pays_what_is_quoted() {
    let mut compared = 0;
    for on in On::every() {
        for pool in on.info().pools {
            let [zero, one] = [0, 1].map(|side| pool.pair[side].as_str());
            for (pair, depth) in [([zero, one], &pool.depth[0]), ([one, zero], &pool.depth[1])] {
                compared += pays_what_is_quoted(on, pair, pool.fee, depth);
            }
        }
    }
    assert!(compared > 600, "{compared} compared");
}

/// Compares trades of very different sizes, up to half of what the pool has; says how many.
fn pays_what_is_quoted(on: On, pair: [&str; 2], fee: u32, depth: &str) -> usize {
    let (mut compared, user) = (0, on.account("stand_in"));
    let held =
        |evm: &mut Evm, symbol: &str| evm.ask(on.token(symbol), &Erc20::balanceOfCall { account: user });
    let decimals = REGISTRY.token(on.0, pair[0]).expect("a token").decimals;
    let depth = parse_units(depth, decimals).expect("a decimal").get_absolute();
    let most = held(&mut Evm::on(&on.snapshot()), pair[0]).min(depth / U256::from(2));
    for part in [1, 100, 100_000, 1_000_000_000] {
        let amount = most / U256::from(part);
        if amount.is_zero() {
            continue;
        }
        let mut evm = Evm::on(&on.snapshot());
        let quoted = quote(on, &mut evm, pair, fee, amount);
        let before = held(&mut evm, pair[1]);
        for call in swap(on, pair, fee, amount) {
            let outcome = evm.run(&call);
            assert!(outcome.success, "{on:?} {pair:?} {fee} {amount}: {}", outcome.output);
        }
        assert_eq!(held(&mut evm, pair[1]) - before, quoted, "{on:?} {pair:?} {fee} {amount}");
        compared += 1;
    }
    compared
}

#[test]
fn depth_is_as_the_market_says() {
    // Hundredths of a basis point below the market's price of 2500, fee included.
    for (usd, low, high) in
        [(100, 495, 505), (10_000, 560, 575), (100_000, 1160, 1175), (1_000_000, 7100, 7140)]
    {
        let fair = units(1, "WETH") * U256::from(usd) / U256::from(2500);
        let mut evm = Evm::on(&snapshot());
        let paid = quote(ETHEREUM, &mut evm, ["USDC", "WETH"], 500, units(usd, "USDC"));
        let loss = (fair - paid) * U256::from(1_000_000) / fair;
        assert!((U256::from(low)..=U256::from(high)).contains(&loss), "{usd} dollars lose {loss}");
    }
}

#[test]
fn pools_hold_the_dollars_the_market_gives_them() {
    let mut counts = Vec::new();
    for on in On::every() {
        let market = on.market();
        let rows = market["venues"]["uniswap_v3"]["pools"].as_array().expect("pools");
        let mut evm = Evm::on(&on.snapshot());
        let mut compared = 0;
        for (pool, row) in on.info().pools.iter().zip(rows) {
            assert_eq!(i64::from(pool.fee), row["fee"].as_integer().expect("a fee"));
            let side: U256 = row["side"].as_str().expect("dollars").parse().expect("whole dollars");
            for (symbol, told) in pool.pair.iter().zip(&pool.depth) {
                let held = evm.ask(on.token(symbol), &Erc20::balanceOfCall { account: pool.address });
                let decimals = REGISTRY.token(on.0, symbol).expect("a token").decimals;
                let told = parse_units(told, decimals).expect("a decimal").get_absolute();
                assert_eq!(held, told, "{on:?} {symbol}");
                let Some(worth) = dollars(on, &mut evm, symbol, held) else { continue };
                // Of a narrow range one side takes less: it ends on a multiple of the spacing.
                let narrow = row.get("range_percent").is_some();
                let least =
                    if narrow { side * U256::from(94) / U256::from(100) } else { side - U256::from(20) };
                let fair = worth <= side && worth >= least;
                assert!(fair, "{on:?} {:?} {}: {worth} dollars of {symbol}", pool.pair, pool.fee);
                compared += 1;
            }
        }
        counts.push(compared);
    }
    assert_eq!(counts, [50, 34, 24, 29, 24], "all sides whose tokens have feeds");
}

#[test]
fn the_stand_in_can_trade_without_touching_the_snapshot() {
    let user = account("stand_in");
    let balance = |evm: &mut Evm| evm.ask(token("USDC"), &Erc20::balanceOfCall { account: user });
    let mut evm = Evm::on(&snapshot());
    let before = balance(&mut evm);
    for call in swap(ETHEREUM, ["USDC", "WETH"], 500, units(100, "USDC")) {
        assert!(evm.run(&call).success);
    }
    assert_eq!(before - balance(&mut evm), units(100, "USDC"));
    assert_eq!(balance(&mut Evm::on(&snapshot())), before);
    assert_ne!(user, Address::ZERO);
}
