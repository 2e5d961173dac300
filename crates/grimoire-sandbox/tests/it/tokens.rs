//! Tokens are what the registry says, with the quirks of the originals.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use grimoire_registry::REGISTRY;

use crate::{
    evm::{Call, Evm},
    fixture::{CHAIN, account, sandbox, snapshot, token, units},
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

/// Symbols of the tokens that have a contract.
pub(crate) fn symbols() -> Vec<String> {
    let info = sandbox().info();
    info.chains.into_iter().find(|chain| chain.chain == CHAIN).expect("ethereum").tokens.into_keys().collect()
}

#[test]
fn names_symbols_and_decimals_are_the_registrys() {
    let mut evm = Evm::on(&snapshot());
    let symbols = symbols();
    assert_eq!(symbols.len(), 22);
    for symbol in symbols {
        let registered = REGISTRY.token(CHAIN, &symbol).expect("a registered token");
        let at = token(&symbol);
        assert_eq!(evm.ask(at, &Erc20::symbolCall {}), symbol);
        assert_eq!(evm.ask(at, &Erc20::nameCall {}), registered.name);
        assert_eq!(evm.ask(at, &Erc20::decimalsCall {}), registered.decimals, "{symbol}");
        assert!(evm.ask(at, &Erc20::totalSupplyCall {}) > units(1, &symbol), "{symbol}");
    }
}

#[test]
fn every_token_can_be_approved_and_moved() {
    for symbol in symbols() {
        let (mut evm, at, owner) = (Evm::on(&snapshot()), token(&symbol), account("stand_in"));
        let value = U256::from(7);
        for call in [
            Call::new(owner, at, &Erc20::approveCall { spender: SPENDER, value }),
            Call::new(SPENDER, at, &Erc20::transferFromCall { from: owner, to: SPENDER, value }),
            Call::new(SPENDER, at, &Erc20::transferCall { to: owner, value: U256::ONE }),
        ] {
            assert!(evm.run(&call).success, "{symbol}");
        }
        assert_eq!(evm.ask(at, &Erc20::balanceOfCall { account: SPENDER }), U256::from(6), "{symbol}");
        assert_eq!(evm.ask(at, &Erc20::allowanceCall { owner, spender: SPENDER }), U256::ZERO, "{symbol}");
        let too_much = Call::new(SPENDER, at, &Erc20::transferCall { to: owner, value });
        assert!(!evm.run(&too_much).success, "{symbol}");
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
fn ether_can_be_wrapped_and_unwrapped() {
    let (mut evm, at, owner) = (Evm::on(&snapshot()), token("WETH"), account("stand_in"));
    let held = |evm: &mut Evm| evm.ask(at, &Erc20::balanceOfCall { account: owner });
    let before = held(&mut evm);
    let value = units(1, "ETH");
    assert!(evm.run(&Call { value, ..Call::new(owner, at, &Erc20::depositCall {}) }).success);
    assert_eq!(held(&mut evm) - before, value);
    assert!(evm.run(&Call::new(owner, at, &Erc20::withdrawCall { value })).success);
    assert_eq!(held(&mut evm), before);
}
