//! Aave on the sandbox stands at the registry's addresses, on the market's terms, and refuses what mainnet refuses.

use alloy_primitives::{Address, U256, utils::parse_units};
use alloy_sol_types::sol;
use grimoire_core::venue::aave_v3::deployment::Deployment;
use grimoire_sandbox::ReserveInfo;

use crate::{
    evm::{Call, Evm},
    fixture::On,
};

sol! {
    interface Erc20 {
        function approve(address spender, uint256 value) external;
        function transfer(address to, uint256 value) external;
        function balanceOf(address account) external view returns (uint256);
        function symbol() external view returns (string);
        function decimals() external view returns (uint8);
        function UNDERLYING_ASSET_ADDRESS() external view returns (address);
        function POOL() external view returns (address);
    }

    interface Provider {
        function getPool() external view returns (address);
        function getPriceOracle() external view returns (address);
        function getPoolDataProvider() external view returns (address);
    }

    interface Pool {
        function ADDRESSES_PROVIDER() external view returns (address);
        function POOL_REVISION() external view returns (uint256);
        function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
        function withdraw(address asset, uint256 amount, address to) external returns (uint256 paid);
        function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf) external;
        function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf) external returns (uint256 paid);
        function getUserAccountData(address user) external view returns (uint256 totalCollateralBase, uint256 totalDebtBase, uint256 availableBorrowsBase, uint256 currentLiquidationThreshold, uint256 ltv, uint256 healthFactor);
    }

    interface Data {
        function getReserveTokensAddresses(address asset) external view returns (address aTokenAddress, address stableDebtTokenAddress, address variableDebtTokenAddress);
        function getReserveData(address asset) external view returns (uint256 unbacked, uint256 accruedToTreasuryScaled, uint256 totalAToken, uint256 totalStableDebt, uint256 totalVariableDebt, uint256 liquidityRate, uint256 variableBorrowRate, uint256 stableBorrowRate, uint256 averageStableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex, uint40 lastUpdateTimestamp);
        function getReserveCaps(address asset) external view returns (uint256 borrowCap, uint256 supplyCap);
    }

    interface Oracle {
        function getAssetPrice(address asset) external view returns (uint256 price);
        function getSourceOfAsset(address asset) external view returns (address source);
    }

    interface Gateway {
        function getWETHAddress() external view returns (address);
        function depositETH(address pool, address onBehalfOf, uint16 referralCode) external payable;
        function withdrawETH(address pool, uint256 amount, address to) external;
    }
}

const VARIABLE: U256 = U256::from_limbs([2, 0, 0, 0]);

fn at(on: On) -> &'static Deployment {
    Deployment::of(on.0).expect("deployed")
}

/// Approve and supply.
pub(crate) fn supply(on: On, who: Address, symbol: &str, amount: U256) -> [Call; 2] {
    let (asset, pool) = (on.token(symbol), at(on).pool);
    let supply = Pool::supplyCall { asset, amount, onBehalfOf: who, referralCode: 0 };
    [
        Call::new(who, asset, &Erc20::approveCall { spender: pool, value: amount }),
        Call::new(who, pool, &supply),
    ]
}

/// A loan at a variable rate.
pub(crate) fn borrow(on: On, who: Address, symbol: &str, amount: U256) -> Pool::borrowCall {
    let asset = on.token(symbol);
    Pool::borrowCall { asset, amount, interestRateMode: VARIABLE, referralCode: 0, onBehalfOf: who }
}

fn held(evm: &mut Evm, token: Address, account: Address) -> U256 {
    evm.ask(token, &Erc20::balanceOfCall { account })
}

/// A hundred dollars of a token, or nearly.
fn hundred_dollars(on: On, evm: &mut Evm, symbol: &str) -> U256 {
    let price = evm.ask(at(on).oracle, &Oracle::getAssetPriceCall { asset: on.token(symbol) });
    on.units(100, symbol) * U256::from(100_000_000) / price
}

#[test]
fn its_contracts_know_each_other() {
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), at(on));
        assert_eq!(evm.ask(at.pool, &Pool::ADDRESSES_PROVIDERCall {}), at.addresses_provider);
        assert_eq!(evm.ask(at.addresses_provider, &Provider::getPoolCall {}), at.pool);
        assert_eq!(evm.ask(at.addresses_provider, &Provider::getPriceOracleCall {}), at.oracle);
        assert_eq!(evm.ask(at.addresses_provider, &Provider::getPoolDataProviderCall {}), at.data_provider);
        let wrapped = grimoire_registry::REGISTRY.wrapped(on.0).address.expect("a contract");
        assert_eq!(evm.ask(at.gateway, &Gateway::getWETHAddressCall {}), wrapped);
        assert!(evm.ask(at.pool, &Pool::POOL_REVISIONCall {}) < U256::from(7), "older than 3.3");
    }
}

#[test]
fn tokens_and_price_sources_of_reserves_are_the_registrys() {
    let mut seen = 0;
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), at(on));
        for reserve in on.info().reserves {
            let (asset, listed) = (on.token(&reserve.symbol), at.reserve(&reserve.symbol).expect("listed"));
            let tokens = evm.ask(at.data_provider, &Data::getReserveTokensAddressesCall { asset });
            assert_eq!(tokens.aTokenAddress, listed.a_token, "{on:?} {}", reserve.symbol);
            assert_eq!(tokens.variableDebtTokenAddress, listed.variable_debt, "{on:?} {}", reserve.symbol);
            let source = evm.ask(at.oracle, &Oracle::getSourceOfAssetCall { asset });
            assert_eq!(source, listed.price_source, "{on:?} {}", reserve.symbol);
            for token in [listed.a_token, listed.variable_debt] {
                assert_eq!(evm.ask(token, &Erc20::UNDERLYING_ASSET_ADDRESSCall {}), asset);
                assert_eq!(evm.ask(token, &Erc20::POOLCall {}), at.pool);
                assert_eq!(
                    evm.ask(token, &Erc20::decimalsCall {}),
                    evm.ask(asset, &Erc20::decimalsCall {}),
                    "{on:?} {}",
                    reserve.symbol
                );
            }
            assert_eq!(evm.ask(listed.a_token, &Erc20::symbolCall {}), format!("a{}", reserve.symbol));
            seen += 1;
        }
    }
    assert_eq!(seen, 14 + 12 + 10 + 10 + 11);
}

#[test]
fn its_oracle_says_the_markets_prices() {
    for on in On::every() {
        let market = market(on);
        let mut evm = Evm::on(&on.snapshot());
        for reserve in on.info().reserves {
            let rows = market["tokens"].as_array().expect("tokens");
            let row = rows.iter().find(|row| row["symbol"].as_str() == Some(&reserve.symbol)).expect("a row");
            let want = parse_units(row["price"].as_str().expect("a price"), 8).expect("a decimal");
            let price =
                evm.ask(at(on).oracle, &Oracle::getAssetPriceCall { asset: on.token(&reserve.symbol) });
            assert_eq!(price, want.get_absolute(), "{on:?} {}", reserve.symbol);
        }
    }
}

/// The market file of a chain.
pub(crate) fn market(on: On) -> toml::Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("market/{}.toml", on.0));
    toml::from_str(&std::fs::read_to_string(file).expect("a market")).expect("a market")
}

/// The kinked curve in millionths: what is paid and what is earned at a utilisation.
fn curve(terms: &toml::Value, utilisation: u64) -> (u64, u64) {
    let ppm = |key: &str| -> u64 {
        parse_units(terms[key].as_str().expect("a percentage"), 4).expect("a decimal").get_absolute().to()
    };
    let (optimal, slope1, slope2) = (ppm("optimal"), ppm("slope1"), ppm("slope2"));
    let beyond = utilisation.saturating_sub(optimal);
    let paid = if beyond == 0 {
        slope1 * utilisation / optimal
    } else {
        slope1 + slope2 * beyond / (1_000_000 - optimal)
    };
    let factor = u64::try_from(terms["factor"].as_integer().expect("a factor")).expect("positive");
    (paid, paid * utilisation / 1_000_000 * (10_000 - factor) / 10_000)
}

#[test]
fn rates_follow_from_the_markets_terms() {
    let mut compared = 0;
    for on in On::every() {
        let (market, mut evm) = (market(on), Evm::on(&on.snapshot()));
        let aave = &market["venues"]["aave_v3"];
        for row in aave["reserves"].as_array().expect("reserves") {
            let symbol = row["symbol"].as_str().expect("a symbol");
            let whole = |key: &str| -> u64 {
                row.get(key).map_or(0, |n| n.as_str().expect("a number").parse().expect("whole"))
            };
            let (supplied, borrowed) = (whole("supply"), whole("borrowed"));
            let terms = &aave["terms"][row["terms"].as_str().expect("terms")];
            let (paid, earned) = curve(terms, borrowed * 1_000_000 / supplied);
            let data = evm.ask(at(on).data_provider, &Data::getReserveDataCall { asset: on.token(symbol) });
            // Millionths a year; accounts' positions move them a little.
            let ppm = |ray: U256| -> u64 { (ray / U256::from(10).pow(U256::from(21))).to() };
            assert!(ppm(data.variableBorrowRate).abs_diff(paid) < 200, "{on:?} {symbol}: {paid}");
            assert!(ppm(data.liquidityRate).abs_diff(earned) < 200, "{on:?} {symbol}: {earned}");
            assert!(data.totalAToken >= on.units(supplied, symbol), "{on:?} {symbol}");
            assert!(data.totalVariableDebt >= on.units(borrowed, symbol), "{on:?} {symbol}");
            let caps = evm.ask(at(on).data_provider, &Data::getReserveCapsCall { asset: on.token(symbol) });
            let cap = |key: &str| row.get(key).map_or(0, |n| n.as_integer().expect("whole"));
            assert_eq!(caps.supplyCap, U256::from(cap("supply_cap")), "{on:?} {symbol}");
            assert_eq!(caps.borrowCap, U256::from(cap("borrow_cap")), "{on:?} {symbol}");
            compared += 1;
        }
    }
    assert_eq!(compared, 14 + 12 + 10 + 10 + 11);
}

#[test]
fn rates_are_the_known_ones() {
    // Percent a year, worked out by hand from the curve.
    let known =
        [("WETH", "1.403", "2.201"), ("USDC", "3.888", "5.081"), ("CRV", "1.44", "6"), ("AAVE", "0", "0")];
    let reserves = On(grimoire_registry::ChainId::Ethereum).info().reserves;
    for (symbol, earned, paid) in known {
        let reserve = reserves.iter().find(|reserve| reserve.symbol == symbol).expect("a reserve");
        let near = |text: &str, want: &str| {
            let milli = |text| parse_units(text, 3).expect("a decimal").get_absolute();
            milli(text).abs_diff(milli(want)) <= U256::from(2)
        };
        assert!(near(&reserve.supply_apr_percent, earned), "{symbol} earns {}", reserve.supply_apr_percent);
        assert!(near(&reserve.borrow_apr_percent, paid), "{symbol} costs {}", reserve.borrow_apr_percent);
    }
}

#[test]
fn what_a_reserve_forbids_is_refused_with_its_number() {
    let mut seen = std::collections::BTreeMap::<&str, usize>::new();
    for on in On::every() {
        let (market, who) = (market(on), on.account("stand_in"));
        let rows = market["venues"]["aave_v3"]["reserves"].as_array().expect("reserves").clone();
        for row in rows {
            let symbol = row["symbol"].as_str().expect("a symbol");
            let flag = |name: &str| {
                let flags = row.get("flags").and_then(|flags| flags.as_array());
                flags.is_some_and(|flags| flags.iter().any(|flag| flag.as_str() == Some(name)))
            };
            let full = |cap: &str, of: &str| {
                row.get(cap).is_some_and(|cap| row[of].as_str() == Some(&cap.to_string()))
            };
            let mut evm = Evm::on(&on.snapshot());
            let amount = hundred_dollars(on, &mut evm, symbol);
            let [approve, deposit] = supply(on, who, symbol, amount);
            let refused =
                [("28", flag("frozen")), ("29", flag("paused")), ("51", full("supply_cap", "supply"))];
            let expected = refused.iter().find(|(_, is)| *is).map(|(code, _)| *code);
            assert!(evm.run(&approve).success);
            let outcome = evm.run(&deposit);
            assert_eq!(outcome.success, expected.is_none(), "{on:?} supply {symbol}");
            if let Some(code) = expected {
                let deposit =
                    Pool::supplyCall { asset: on.token(symbol), amount, onBehalfOf: who, referralCode: 0 };
                assert_eq!(evm.refusal(who, at(on).pool, &deposit), code, "{on:?} supply {symbol}");
                *seen.entry(code).or_default() += 1;
            }
            for call in supply(on, who, "WETH", on.units(10, "WETH")) {
                assert!(evm.run(&call).success);
            }
            let refused = [
                ("28", flag("frozen")),
                ("29", flag("paused")),
                ("30", flag("no_borrowing")),
                ("50", full("borrow_cap", "borrowed")),
            ];
            let loan = borrow(on, who, symbol, amount);
            if let Some((code, _)) = refused.iter().find(|(_, is)| *is) {
                assert_eq!(evm.refusal(who, at(on).pool, &loan), *code, "{on:?} borrow {symbol}");
                *seen.entry(*code).or_default() += 1;
            } else {
                assert!(evm.run(&Call::new(who, at(on).pool, &loan)).success, "{on:?} borrow {symbol}");
            }
        }
        let nobody = on.account("empty");
        let loan = borrow(on, nobody, "USDC", on.units(1, "USDC"));
        assert_eq!(
            Evm::on(&on.snapshot()).refusal(nobody, at(on).pool, &loan),
            "34",
            "{on:?}: no collateral"
        );
        let kinds = on.info().reserves;
        let any = |is: fn(&ReserveInfo) -> bool| kinds.iter().any(is);
        assert!(any(|r| r.frozen) && any(|r| r.paused) && any(|r| !r.collateral), "{on:?}");
    }
    assert!(["28", "29", "30", "50", "51"].iter().all(|code| seen.contains_key(code)), "{seen:?}");
}

#[test]
fn supplying_borrowing_repaying_and_withdrawing_come_out_even() {
    for on in On::every() {
        let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), at(on));
        let (usdc, weth) = (on.token("USDC"), on.token("WETH"));
        let [before, ether] = [usdc, weth].map(|token| held(&mut evm, token, who));
        let loan = on.units(5_000, "USDC");
        let mut calls = supply(on, who, "WETH", on.units(10, "WETH")).to_vec();
        calls.push(Call::new(who, at.pool, &borrow(on, who, "USDC", loan)));
        calls.push(Call::new(who, usdc, &Erc20::approveCall { spender: at.pool, value: loan }));
        let repay =
            Pool::repayCall { asset: usdc, amount: loan, interestRateMode: VARIABLE, onBehalfOf: who };
        calls.push(Call::new(who, at.pool, &repay));
        let withdraw = Pool::withdrawCall { asset: weth, amount: U256::MAX, to: who };
        calls.push(Call::new(who, at.pool, &withdraw));
        for call in &calls {
            let outcome = evm.run(call);
            assert!(outcome.success, "{on:?} {call:?}: {}", outcome.output);
        }
        assert_eq!(held(&mut evm, usdc, who), before, "{on:?}");
        let back = held(&mut evm, weth, who);
        assert!(ether - back <= U256::ONE, "{on:?}: {ether} became {back}");
    }
}

#[test]
fn the_gateway_takes_and_gives_the_native_token() {
    for on in On::every() {
        let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), at(on));
        let wrapped = &grimoire_registry::REGISTRY.wrapped(on.0).symbol;
        let a_token = at.reserve(wrapped).expect("a reserve").a_token;
        let value = on.units(1, wrapped);
        let deposit = Gateway::depositETHCall { pool: at.pool, onBehalfOf: who, referralCode: 0 };
        assert!(evm.run(&Call { value, ..Call::new(who, at.gateway, &deposit) }).success);
        assert!(held(&mut evm, a_token, who).abs_diff(value) <= U256::ONE, "{on:?}");
        let approve = Erc20::approveCall { spender: at.gateway, value: U256::MAX };
        assert!(evm.run(&Call::new(who, a_token, &approve)).success);
        let withdraw = Gateway::withdrawETHCall { pool: at.pool, amount: U256::MAX, to: who };
        assert!(evm.run(&Call::new(who, at.gateway, &withdraw)).success);
        assert_eq!(held(&mut evm, a_token, who), U256::ZERO, "{on:?}");
    }
}

#[test]
fn accounts_have_the_positions_of_the_market() {
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), at(on));
        let data = |evm: &mut Evm, name: &str| {
            evm.ask(at.pool, &Pool::getUserAccountDataCall { user: on.account(name) })
        };
        let dollars = |n: u64| U256::from(n) * U256::from(100_000_000);
        let lender = data(&mut evm, "lender");
        assert!(lender.totalCollateralBase.abs_diff(dollars(5_000)) <= U256::from(100), "{on:?}");
        assert!(lender.totalDebtBase.is_zero() && lender.healthFactor == U256::MAX, "{on:?}");
        let borrower = data(&mut evm, "borrower");
        assert!(borrower.totalCollateralBase.abs_diff(dollars(25_000)) <= U256::from(100), "{on:?}");
        assert!(borrower.totalDebtBase.abs_diff(dollars(5_000)) <= U256::from(200), "{on:?}");
        // 25,000 · 83 % / 5,000
        let health = U256::from(4_150_000_000_000_000_000u64);
        assert!(borrower.healthFactor.abs_diff(health) < U256::from(1_000_000_000_000u64), "{on:?}");
        for name in ["stand_in", "empty"] {
            let none = data(&mut evm, name);
            assert!(none.totalCollateralBase.is_zero() && none.totalDebtBase.is_zero(), "{on:?} {name}");
        }
    }
}

#[test]
fn interest_comes_with_time() {
    for on in On::every() {
        let mut later = on.snapshot();
        later.block.timestamp += 365 * 86_400;
        let reserve = at(on).reserve("USDC").expect("a reserve");
        let [now, then] = [on.snapshot(), later].map(|snapshot| {
            let mut evm = Evm::on(&snapshot);
            [
                held(&mut evm, reserve.a_token, on.account("lender")),
                held(&mut evm, reserve.variable_debt, on.account("borrower")),
            ]
        });
        let info = on.info().reserves.into_iter().find(|r| r.symbol == "USDC").expect("a reserve");
        let rate = parse_units(&info.supply_apr_percent, 5).expect("a decimal").get_absolute();
        let earned = (then[0] - now[0]) * U256::from(10_000_000) / now[0];
        // A supplier's interest is not compounded between two updates; a borrower's is.
        assert!(earned.abs_diff(rate) < U256::from(200), "{on:?}: {earned} instead of {rate}");
        let paid = (then[1] - now[1]) * U256::from(10_000_000) / now[1];
        let rate = parse_units(&info.borrow_apr_percent, 5).expect("a decimal").get_absolute();
        assert!(paid > rate && paid < rate + rate / U256::from(20), "{on:?}: {paid} instead of {rate}");
    }
}
