//! Markets have yields of their own, and positions grow by them.

use alloy_primitives::{Address, U256, utils::parse_units};
use grimoire_registry::ChainId;

use super::{Morpho, at, markets, worth};
use crate::{evm::Evm, fixture::On};

#[test]
fn yields_differ_and_are_the_known_ones() {
    // Percent a year, worked out by hand: 4 % at nine tenths, 1 % at none, 16 % at all, linear in between. The positions
    // of accounts move small markets a little.
    let known = [
        (ChainId::Ethereum, [("3.6", "4"), ("9.5", "10"), ("1.333", "2.667")].as_slice()),
        (ChainId::Arbitrum, &[("3.6", "4"), ("2.933", "3.667"), ("8.272", "8.8")]),
        (ChainId::Optimism, &[("3.258", "3.833"), ("3.6", "4")]),
        (
            ChainId::Base,
            &[("3.6", "4"), ("2.933", "3.667"), ("7.068", "7.6"), ("3.6", "4"), ("1.333", "2.667")],
        ),
        (ChainId::Polygon, &[("3.461", "3.933"), ("1.8", "3")]),
    ];
    for (chain, rates) in known {
        for (market, (earned, paid)) in On(chain).info().markets.iter().zip(rates) {
            for (told, want) in [(&market.supply_apr_percent, earned), (&market.borrow_apr_percent, paid)] {
                let milli = |text: &str| parse_units(text, 3).expect("a decimal").get_absolute();
                let near = milli(told).abs_diff(milli(want)) <= U256::from(50);
                assert!(near, "{chain} {}: {told} instead of {want}", market.id);
            }
        }
    }
    // “Better than Aave” has an answer either way.
    let info = On(ChainId::Ethereum).info();
    let milli = |text: &str| parse_units(text, 3).expect("a decimal").get_absolute();
    let aave = info.reserves.iter().find(|r| r.symbol == "USDC").expect("a reserve");
    let usdc = info.markets.iter().filter(|m| m.loan == "USDC");
    let (better, worse): (Vec<_>, Vec<_>) =
        usdc.partition(|m| milli(&m.supply_apr_percent) > milli(&aave.supply_apr_percent));
    assert!(!better.is_empty() && !worse.is_empty());
}

#[test]
fn accounts_have_the_positions_of_the_market_and_they_grow() {
    for on in On::every() {
        let (id, market, params) = markets(on).next().expect("a market");
        assert_eq!(market.loan, "USDC", "{on:?}");
        let at = at(on);
        // What positions are worth after some time: `[lent, owed]`.
        let after = |seconds: u64| {
            let mut later = on.snapshot();
            later.block.timestamp += seconds;
            let mut evm = Evm::on(&later);
            evm.send(Address::ZERO, at.morpho, &Morpho::accrueInterestCall { params: params.clone() });
            let m = evm.ask(at.morpho, &Morpho::marketCall { id });
            let assets = |shares: U256, assets: u128, all: u128| {
                shares * (U256::from(assets) + U256::ONE) / (U256::from(all) + U256::from(1_000_000))
            };
            let lender = evm.ask(at.morpho, &Morpho::positionCall { id, user: on.account("lender") });
            let borrower = evm.ask(at.morpho, &Morpho::positionCall { id, user: on.account("borrower") });
            assert!(lender.borrowShares == 0 && borrower.supplyShares.is_zero(), "{on:?}");
            assert_eq!(
                U256::from(borrower.collateral),
                worth(on, &mut evm, &market.collateral, 20_000),
                "{on:?}"
            );
            [
                assets(lender.supplyShares, m.totalSupplyAssets, m.totalSupplyShares),
                assets(U256::from(borrower.borrowShares), m.totalBorrowAssets, m.totalBorrowShares),
            ]
        };
        let [lent, owed] = after(0);
        assert!(lent.abs_diff(on.units(2_000, "USDC")) <= U256::ONE, "{on:?}: {lent}");
        assert!(owed.abs_diff(on.units(5_000, "USDC")) <= U256::ONE, "{on:?}: {owed}");
        let [then, due] = after(30 * 86_400);
        let (earned, paid) =
            ((then - lent) * U256::from(1_000_000) / lent, (due - owed) * U256::from(1_000_000) / owed);
        // Some 4 % a year for a month, in millionths.
        assert!((U256::from(2_500)..U256::from(3_400)).contains(&earned), "{on:?}: {earned}");
        assert!((U256::from(3_000)..U256::from(3_600)).contains(&paid), "{on:?}: {paid}");
        let nobody =
            Evm::on(&on.snapshot()).ask(at.morpho, &Morpho::positionCall { id, user: on.account("empty") });
        assert!(nobody.supplyShares.is_zero() && nobody.collateral == 0, "{on:?}");
    }
}
