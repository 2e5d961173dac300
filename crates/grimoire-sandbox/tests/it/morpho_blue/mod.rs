//! Morpho Blue on the sandbox has the markets of the registry, priced as the feeds say.

mod actions;
mod rates;

use alloy_primitives::{Address, B256, Bytes, U256};
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
