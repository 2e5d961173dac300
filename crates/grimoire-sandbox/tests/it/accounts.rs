//! The market's accounts hold what the market says.

use alloy_primitives::{Address, U256, address, utils::parse_ether};
use alloy_sol_types::sol;
use grimoire_core::evm::Snapshot;

use crate::{evm::Evm, feeds::dollars, fixture::On};

sol! {
    interface Erc20 {
        function balanceOf(address account) external view returns (uint256);
    }
}

fn native(snapshot: &Snapshot, at: Address) -> U256 {
    let account = snapshot.state.basic_ref(at).expect("the sandbox answers");
    account.map(|account| account.balance).unwrap_or_default()
}

#[test]
fn addresses_are_made_of_names() {
    let known = [
        ("stand_in", address!("0x7b448891986485231fECF3F2E8c69Bee9c3d2AD9")),
        ("lender", address!("0x88a6aea82c39a0d3Db2e3AE54c920A0cF5ce20e3")),
        ("borrower", address!("0xf0056c2F88566e5F458F1A1Ad45e447E9241A5c4")),
        ("empty", address!("0x67EeF6EB8D5857b3030628112D0FAB9182704b05")),
        ("market_maker", address!("0x19Fd8eEE711852aDc34141b3Be490285655d935e")),
    ];
    for on in On::every() {
        for (name, address) in known {
            assert_eq!(on.account(name), address, "{on:?} {name}");
        }
    }
}

#[test]
fn the_stand_in_holds_five_million_dollars_of_every_token() {
    let mut counts = Vec::new();
    for on in On::every() {
        let (snapshot, at) = (on.snapshot(), on.account("stand_in"));
        assert_eq!(snapshot.stand_in, at, "{on:?}");
        assert_eq!(native(&snapshot, at), parse_ether("10000").expect("a decimal"), "{on:?}");
        let mut evm = Evm::on(&snapshot);
        let mut priced = 0;
        for symbol in on.info().tokens.into_keys() {
            let held = evm.ask(on.token(&symbol), &Erc20::balanceOfCall { account: at });
            assert!(!held.is_zero(), "{on:?} {symbol}");
            if let Some(worth) = dollars(on, &mut evm, &symbol, held) {
                // What does not divide evenly is cut off.
                let fair = worth <= U256::from(5_000_000) && worth >= U256::from(4_999_999);
                assert!(fair, "{on:?} {symbol}: {worth}");
                priced += 1;
            }
        }
        counts.push(priced);
    }
    assert_eq!(counts, [19, 14, 12, 14, 10], "all but those without feeds, such as LDO and PEPE");
}

#[test]
fn the_others_hold_little_or_nothing() {
    for on in On::every() {
        let snapshot = on.snapshot();
        let mut evm = Evm::on(&snapshot);
        for (name, whole, usdc) in [("lender", "1", 1_000), ("borrower", "10", 500), ("empty", "0", 0)] {
            let at = on.account(name);
            assert_eq!(native(&snapshot, at), parse_ether(whole).expect("a decimal"), "{on:?} {name}");
            let held =
                |evm: &mut Evm, symbol| evm.ask(on.token(symbol), &Erc20::balanceOfCall { account: at });
            assert_eq!(held(&mut evm, "USDC"), on.units(usdc, "USDC"), "{on:?} {name}");
            assert_eq!(held(&mut evm, "WETH"), U256::ZERO, "{on:?} {name}");
        }
    }
}
