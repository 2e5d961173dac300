//! Tokens are what the registry says, with the quirks of the originals.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use grimoire_registry::{ChainId, REGISTRY};

use crate::{
    evm::{Call, Evm},
    fixture::{CHAIN, On, account, snapshot, token},
};

sol! {
    interface Erc20 {
        function name() external view returns (string);
        function symbol() external view returns (string);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        function approve(address spender, uint256 value) external;
        function transfer(address to, uint256 value) external;
        function transferFrom(address from, address to, uint256 value) external;
        function deposit() external payable;
        function withdraw(uint256 value) external;
    }
}

const SPENDER: Address = Address::repeat_byte(0x11);

#[test]
fn names_symbols_and_decimals_are_the_registrys() {
    let mut counts = Vec::new();
    for on in On::every() {
        let mut evm = Evm::on(&on.snapshot());
        let symbols = on.info().tokens.into_keys();
        counts.push(symbols.len());
        for symbol in symbols {
            let registered = REGISTRY.token(on.0, &symbol).expect("a registered token");
            let at = on.token(&symbol);
            assert_eq!(evm.ask(at, &Erc20::symbolCall {}), symbol, "{on:?}");
            assert_eq!(evm.ask(at, &Erc20::nameCall {}), registered.name, "{on:?}");
            assert_eq!(evm.ask(at, &Erc20::decimalsCall {}), registered.decimals, "{on:?} {symbol}");
            assert!(evm.ask(at, &Erc20::totalSupplyCall {}) > on.units(1, &symbol), "{on:?} {symbol}");
        }
    }
    assert_eq!(counts, [22, 16, 12, 15, 11]);
}

#[test]
fn the_native_and_the_bridged_usdc_are_two_tokens() {
    for on in On::every() {
        let bridged = REGISTRY.tokens(on.0).iter().find(|t| ["USDC.e", "USDbC"].contains(&t.symbol.as_str()));
        let Some(bridged) = bridged else { continue };
        let tokens = on.info().tokens;
        assert_ne!(tokens["USDC"], tokens[&bridged.symbol], "{on:?}");
    }
    assert!(On(CHAIN).info().tokens.keys().filter(|symbol| symbol.starts_with("USDC")).count() == 1);
}

#[test]
fn every_token_can_be_approved_and_moved() {
    for on in On::every() {
        for symbol in on.info().tokens.into_keys() {
            let (mut evm, at, owner) = (Evm::on(&on.snapshot()), on.token(&symbol), on.account("stand_in"));
            let value = U256::from(7);
            for call in [
                Call::new(owner, at, &Erc20::approveCall { spender: SPENDER, value }),
                Call::new(SPENDER, at, &Erc20::transferFromCall { from: owner, to: SPENDER, value }),
                Call::new(SPENDER, at, &Erc20::transferCall { to: owner, value: U256::ONE }),
            ] {
                assert!(evm.run(&call).success, "{on:?} {symbol}");
            }
            let held = evm.ask(at, &Erc20::balanceOfCall { account: SPENDER });
            assert_eq!(held, U256::from(6), "{on:?} {symbol}");
            let left = evm.ask(at, &Erc20::allowanceCall { owner, spender: SPENDER });
            assert_eq!(left, U256::ZERO, "{on:?} {symbol}");
            let too_much = Call::new(SPENDER, at, &Erc20::transferCall { to: owner, value });
            assert!(!evm.run(&too_much).success, "{on:?} {symbol}");
        }
    }
}

#[test]
fn usdt_wants_an_approval_taken_back_before_it_is_changed_and_returns_nothing() {
    let (mut evm, at, owner) = (Evm::on(&snapshot()), token("USDT"), account("stand_in"));
    let approve =
        |value: u64| Call::new(owner, at, &Erc20::approveCall { spender: SPENDER, value: U256::from(value) });
    let first = evm.run(&approve(5));
    assert!(first.success && first.output.is_empty());
    let second = evm.run(&approve(6));
    assert!(!second.success && second.output.is_empty(), "a revert without a reason");
    assert!(evm.run(&approve(0)).success && evm.run(&approve(6)).success);
    let moved = evm.run(&Call::new(owner, at, &Erc20::transferCall { to: SPENDER, value: U256::ONE }));
    assert!(moved.success && moved.output.is_empty());
}

#[test]
fn moving_more_usdt_than_there_is_burns_all_gas() {
    let mut evm = Evm::on(&snapshot());
    let too_much = Erc20::transferCall { to: SPENDER, value: U256::MAX };
    let outcome = evm.run(&Call::new(account("stand_in"), token("USDT"), &too_much));
    assert!(!outcome.success);
    assert_eq!(outcome.gas, evm.gas_limit());
}

#[test]
fn the_native_token_can_be_wrapped_and_unwrapped() {
    for on in On::every() {
        let wrapped = REGISTRY.wrapped(on.0);
        let (mut evm, at, owner) =
            (Evm::on(&on.snapshot()), on.token(&wrapped.symbol), on.account("stand_in"));
        let held = |evm: &mut Evm| evm.ask(at, &Erc20::balanceOfCall { account: owner });
        let before = held(&mut evm);
        let value = on.units(1, &wrapped.symbol);
        assert!(evm.run(&Call { value, ..Call::new(owner, at, &Erc20::depositCall {}) }).success);
        assert_eq!(held(&mut evm) - before, value);
        assert!(evm.run(&Call::new(owner, at, &Erc20::withdrawCall { value })).success);
        assert_eq!(held(&mut evm), before);
    }
}

#[test]
fn ether_on_polygon_is_a_token_like_any_other() {
    let on = On(ChainId::Polygon);
    let (mut evm, at, owner) = (Evm::on(&on.snapshot()), on.token("WETH"), on.account("stand_in"));
    let wrap = Call { value: U256::ONE, ..Call::new(owner, at, &Erc20::depositCall {}) };
    assert!(!evm.run(&wrap).success);
    assert!(!evm.run(&Call::new(owner, at, &Erc20::withdrawCall { value: U256::ONE })).success);
}
