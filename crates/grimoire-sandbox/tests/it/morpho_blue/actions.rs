//! What can be done at Morpho Blue, and what is refused and how.

use alloy_primitives::{Bytes, U256};

use super::{MarketParams, Morpho, approve, at, held, markets, worth};
use crate::{evm::Evm, fixture::On};

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
