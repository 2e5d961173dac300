//! Morpho Blue on the sandbox: the markets of the registry, their rates, and what it refuses.

use alloy_primitives::{Address, B256, Bytes, U256, utils::parse_units};
use alloy_sol_types::sol;
use grimoire_core::venue::morpho_blue::deployment::{Deployment, Market};
use grimoire_registry::ChainId;

use crate::{
    evm::{Call, Evm},
    feeds::dollars,
    fixture::On,
};

sol! {
    #[derive(Debug, PartialEq)]
    struct MarketParams { address loanToken; address collateralToken; address oracle; address irm; uint256 lltv; }

    interface Erc20 {
        function approve(address spender, uint256 value) external;
        function balanceOf(address account) external view returns (uint256);
    }

    interface Morpho {
        function idToMarketParams(bytes32 id) external view returns (MarketParams params);
        function isIrmEnabled(address irm) external view returns (bool);
        function position(bytes32 id, address user) external view returns (uint256 supplyShares, uint128 borrowShares, uint128 collateral);
        function accrueInterest(MarketParams params) external;
        function market(bytes32 id) external view returns (uint128 totalSupplyAssets, uint128 totalSupplyShares, uint128 totalBorrowAssets, uint128 totalBorrowShares, uint128 lastUpdate, uint128 fee);
        function supply(MarketParams params, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256 assetsSupplied, uint256 sharesSupplied);
        function withdraw(MarketParams params, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256 assetsWithdrawn, uint256 sharesWithdrawn);
        function borrow(MarketParams params, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256 assetsBorrowed, uint256 sharesBorrowed);
        function repay(MarketParams params, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256 assetsRepaid, uint256 sharesRepaid);
        function supplyCollateral(MarketParams params, uint256 assets, address onBehalf, bytes data) external;
        function withdrawCollateral(MarketParams params, uint256 assets, address onBehalf, address receiver) external;
    }

    interface Oracle {
        function price() external view returns (uint256);
    }
}

fn at(on: On) -> &'static Deployment {
    Deployment::of(on.0).expect("deployed")
}

/// A listed market and its parameters.
fn listed(on: On, id: B256) -> (&'static Market, MarketParams) {
    let market = at(on).market(id).expect("a listed market");
    let params = MarketParams {
        loanToken: on.token(&market.loan),
        collateralToken: on.token(&market.collateral),
        oracle: market.oracle,
        irm: at(on).irm,
        lltv: market.lltv,
    };
    (market, params)
}

/// Every market that stands on a chain.
fn markets(on: On) -> impl Iterator<Item = (B256, &'static Market, MarketParams)> {
    on.info().markets.into_iter().map(move |market| {
        let (listed, params) = listed(on, market.id);
        (market.id, listed, params)
    })
}

fn held(evm: &mut Evm, token: Address, account: Address) -> U256 {
    evm.ask(token, &Erc20::balanceOfCall { account })
}

fn approve(evm: &mut Evm, who: Address, token: Address, spender: Address) {
    let all = Erc20::approveCall { spender, value: U256::MAX };
    assert!(evm.run(&Call::new(who, token, &all)).success);
}

/// Dollars' worth of a token.
fn worth(on: On, evm: &mut Evm, symbol: &str, usd: u64) -> U256 {
    let scale = U256::from(1_000_000);
    let price = dollars(on, evm, symbol, on.units(1, symbol) * scale).expect("a price");
    on.units(usd, symbol) * scale / price
}

/// Approve, and lend 100 whole tokens to the first market.
pub(crate) fn lend(on: On) -> [Call; 2] {
    let (_, market, params) = markets(on).next().expect("a market");
    let (who, spender, value) = (on.account("stand_in"), at(on).morpho, on.units(100, &market.loan));
    let approve = Call::new(who, params.loanToken, &Erc20::approveCall { spender, value });
    let (shares, data) = (U256::ZERO, Bytes::new());
    let lend = Morpho::supplyCall { params, assets: value, shares, onBehalf: who, data };
    [approve, Call::new(who, spender, &lend)]
}

#[test]
fn every_market_has_the_id_and_parameters_of_the_registry() {
    let mut counts = Vec::new();
    for on in On::every() {
        let mut evm = Evm::on(&on.snapshot());
        assert!(evm.ask(at(on).morpho, &Morpho::isIrmEnabledCall { irm: at(on).irm }), "{on:?}");
        let mut seen = 0;
        for (id, _, params) in markets(on) {
            assert_eq!(evm.ask(at(on).morpho, &Morpho::idToMarketParamsCall { id }), params, "{on:?} {id}");
            seen += 1;
        }
        counts.push(seen);
    }
    assert_eq!(counts, [6, 3, 2, 5, 2]);
}

#[test]
fn it_is_not_at_its_usual_address_where_it_was_never_deployed() {
    let usual = at(On(ChainId::Ethereum)).morpho;
    for on in On::every() {
        let here = on.snapshot().state.basic_ref(usual).expect("the sandbox answers");
        let there = [ChainId::Ethereum, ChainId::Base].contains(&on.0);
        assert_eq!(here.is_some_and(|account| account.code.is_some()), there, "{on:?}");
    }
}

#[test]
fn oracles_agree_with_the_feeds() {
    for on in On::every() {
        let mut evm = Evm::on(&on.snapshot());
        for (id, market, params) in markets(on) {
            let price = evm.ask(params.oracle, &Oracle::priceCall {});
            let collateral = on.units(1_000, &market.collateral);
            let loan = collateral * price / U256::from(10).pow(U256::from(36));
            let [a, b] = [(&market.collateral, collateral), (&market.loan, loan)]
                .map(|(symbol, amount)| dollars(on, &mut evm, symbol, amount).expect("a price"));
            assert!(a.abs_diff(b) <= U256::ONE, "{on:?} {id}: {a} and {b} dollars");
        }
    }
}

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
fn lending_and_taking_back_come_out_even() {
    for on in On::every() {
        for (id, market, params) in markets(on) {
            let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), at(on));
            let before = held(&mut evm, params.loanToken, who);
            let assets = worth(on, &mut evm, &market.loan, 1_000);
            approve(&mut evm, who, params.loanToken, at.morpho);
            let (shares, data) = (U256::ZERO, Bytes::new());
            let supply = Morpho::supplyCall { params: params.clone(), assets, shares, onBehalf: who, data };
            let shares = evm.send(who, at.morpho, &supply).sharesSupplied;
            let position = evm.ask(at.morpho, &Morpho::positionCall { id, user: who });
            assert_eq!(position.supplyShares, shares, "{on:?} {id}");
            let withdraw =
                Morpho::withdrawCall { params, assets: U256::ZERO, shares, onBehalf: who, receiver: who };
            let back = evm.send(who, at.morpho, &withdraw).assetsWithdrawn;
            assert!(assets - back <= U256::ONE, "{on:?} {id}: {assets} became {back}");
            let after = held(&mut evm, on.token(&market.loan), who);
            assert_eq!(before - after, assets - back, "{on:?} {id}");
        }
    }
}

#[test]
fn borrowing_and_repaying_come_out_even() {
    for on in On::every() {
        for (id, market, params) in markets(on) {
            let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), at(on));
            let before = held(&mut evm, params.collateralToken, who);
            let [assets, collateral] = [(&market.loan, 1_000), (&market.collateral, 5_000)]
                .map(|(symbol, usd)| worth(on, &mut evm, symbol, usd));
            approve(&mut evm, who, params.loanToken, at.morpho);
            approve(&mut evm, who, params.collateralToken, at.morpho);
            let p = || params.clone();
            let (none, data) = (U256::ZERO, Bytes::new);
            let secure =
                Morpho::supplyCollateralCall { params: p(), assets: collateral, onBehalf: who, data: data() };
            evm.send(who, at.morpho, &secure);
            let borrow =
                Morpho::borrowCall { params: p(), assets, shares: none, onBehalf: who, receiver: who };
            let shares = evm.send(who, at.morpho, &borrow).sharesBorrowed;
            let repay = Morpho::repayCall { params: p(), assets: none, shares, onBehalf: who, data: data() };
            let repaid = evm.send(who, at.morpho, &repay).assetsRepaid;
            assert!(repaid - assets <= U256::ONE, "{on:?} {id}: {assets} became {repaid}");
            let free = Morpho::withdrawCollateralCall {
                params: p(),
                assets: collateral,
                onBehalf: who,
                receiver: who,
            };
            evm.send(who, at.morpho, &free);
            assert_eq!(held(&mut evm, params.collateralToken, who), before, "{on:?} {id}");
        }
    }
}

#[test]
fn what_cannot_be_is_refused_in_its_own_words() {
    for on in On::every() {
        let (id, market, params) = markets(on).next().expect("a market");
        let (mut evm, who, at) = (Evm::on(&on.snapshot()), on.account("stand_in"), at(on));
        let lender = on.account("lender");
        let p = || params.clone();
        let (none, data) = (U256::ZERO, Bytes::new);
        let unsecured =
            Morpho::borrowCall { params: p(), assets: U256::ONE, shares: none, onBehalf: who, receiver: who };
        assert_eq!(evm.refusal(who, at.morpho, &unsecured), "insufficient collateral", "{on:?}");
        let nothing =
            Morpho::supplyCall { params: p(), assets: none, shares: none, onBehalf: who, data: data() };
        assert_eq!(evm.refusal(who, at.morpho, &nothing), "inconsistent input", "{on:?}");
        let unapproved =
            Morpho::supplyCall { params: p(), assets: U256::ONE, shares: none, onBehalf: who, data: data() };
        assert_eq!(evm.refusal(who, at.morpho, &unapproved), "transferFrom reverted", "{on:?}");
        let foreign = MarketParams { lltv: U256::from(7), ..p() };
        let unknown = Morpho::supplyCall {
            params: foreign,
            assets: U256::ONE,
            shares: none,
            onBehalf: who,
            data: data(),
        };
        assert_eq!(evm.refusal(who, at.morpho, &unknown), "market not created", "{on:?}");
        let stolen = Morpho::withdrawCall {
            params: p(),
            assets: U256::ONE,
            shares: none,
            onBehalf: lender,
            receiver: who,
        };
        assert_eq!(evm.refusal(who, at.morpho, &stolen), "unauthorized", "{on:?}");

        // More than is left in it, by one who lent that much.
        let state = evm.ask(at.morpho, &Morpho::marketCall { id });
        let left = U256::from(state.totalSupplyAssets - state.totalBorrowAssets);
        let maker = on.account("market_maker");
        let drain = Morpho::withdrawCall {
            params: p(),
            assets: left + U256::ONE,
            shares: none,
            onBehalf: maker,
            receiver: maker,
        };
        let refusal = evm.refusal(maker, at.morpho, &drain);
        assert_eq!(refusal, "insufficient liquidity", "{on:?} {}", market.loan);
        let too_much = Morpho::withdrawCall {
            params: p(),
            assets: on.units(3_000, &market.loan),
            shares: none,
            onBehalf: lender,
            receiver: lender,
        };
        // A panic: an integer that went below zero.
        assert!(evm.refusal(lender, at.morpho, &too_much).starts_with("0x4e487b71"), "{on:?}");
    }
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
