//! What can be done at Aave, what is refused and how, and what accounts have there.

use std::collections::BTreeMap;

use alloy_primitives::{U256, hex, keccak256};
use grimoire_registry::REGISTRY;
use grimoire_sandbox::ReserveInfo;

use super::{Erc20, Gateway, Oracle, Pool, VARIABLE, at, borrow, held, is_new, supply};
use crate::{
    evm::{Call, Evm},
    fixture::On,
};

/// A hundred dollars of a token, or nearly.
fn hundred_dollars(on: On, evm: &mut Evm, symbol: &str) -> U256 {
    let price = evm.ask(at(on).oracle, &Oracle::getAssetPriceCall { asset: on.token(symbol) });
    on.units(100, symbol) * U256::from(100_000_000) / price
}

/// What Aave refuses with: a number in text, or the selector of an error of that name.
fn refusal(on: On, (number, name): (&str, &str)) -> String {
    if is_new(on) { hex::encode_prefixed(&keccak256(format!("{name}()"))[..4]) } else { number.to_owned() }
}

const FROZEN: (&str, &str) = ("28", "ReserveFrozen");
const PAUSED: (&str, &str) = ("29", "ReservePaused");
const NO_BORROWING: (&str, &str) = ("30", "BorrowingNotEnabled");
const NO_COLLATERAL: (&str, &str) = ("34", "LtvValidationFailed");
const BORROW_CAP: (&str, &str) = ("50", "BorrowCapExceeded");
const SUPPLY_CAP: (&str, &str) = ("51", "SupplyCapExceeded");

#[test]
fn what_a_reserve_forbids_is_refused_as_its_version_does() {
    let mut seen = BTreeMap::<&str, usize>::new();
    for on in On::every() {
        let (market, who) = (on.market(), on.account("stand_in"));
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
            let refused = [
                (FROZEN, flag("frozen")),
                (PAUSED, flag("paused")),
                (SUPPLY_CAP, full("supply_cap", "supply")),
            ];
            let expected = refused.iter().find(|(_, is)| *is).map(|(code, _)| *code);
            assert!(evm.run(&approve).success);
            let outcome = evm.run(&deposit);
            assert_eq!(outcome.success, expected.is_none(), "{on:?} supply {symbol}");
            if let Some(code) = expected {
                let deposit =
                    Pool::supplyCall { asset: on.token(symbol), amount, onBehalfOf: who, referralCode: 0 };
                assert_eq!(
                    evm.refusal(who, at(on).pool, &deposit),
                    refusal(on, code),
                    "{on:?} supply {symbol}"
                );
                *seen.entry(code.0).or_default() += 1;
            }
            for call in supply(on, who, "WETH", on.units(10, "WETH")) {
                assert!(evm.run(&call).success);
            }
            let refused = [
                (FROZEN, flag("frozen")),
                (PAUSED, flag("paused")),
                (NO_BORROWING, flag("no_borrowing")),
                (BORROW_CAP, full("borrow_cap", "borrowed")),
            ];
            let loan = borrow(on, who, symbol, amount);
            if let Some((code, _)) = refused.iter().find(|(_, is)| *is) {
                assert_eq!(
                    evm.refusal(who, at(on).pool, &loan),
                    refusal(on, *code),
                    "{on:?} borrow {symbol}"
                );
                *seen.entry(code.0).or_default() += 1;
            } else {
                assert!(evm.run(&Call::new(who, at(on).pool, &loan)).success, "{on:?} borrow {symbol}");
            }
        }
        let nobody = on.account("empty");
        let loan = borrow(on, nobody, "USDC", on.units(1, "USDC"));
        assert_eq!(
            Evm::on(&on.snapshot()).refusal(nobody, at(on).pool, &loan),
            refusal(on, NO_COLLATERAL),
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
        let wrapped = &REGISTRY.wrapped(on.0).symbol;
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
