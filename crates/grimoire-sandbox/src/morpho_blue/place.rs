//! A market of the registry as contracts know it, and what the recipe does there.

use alloy_primitives::{Address, B256, Bytes, U256};
use grimoire_core::venue::morpho_blue::deployment::Deployment;

use super::abi::{Irm, MarketParams, Morpho};
use crate::{
    book::{Book, Listed},
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    exact,
    image::LendingMarket,
    market::{MARKET_MAKER, account},
    tokens::Token,
};

/// Seconds of the year rates are told for.
const YEAR: u64 = 365 * 86_400;

/// One market.
pub(super) struct Place<'a> {
    morpho: Address,
    pub(super) id: B256,
    pub(super) loan: Listed<'a>,
    pub(super) collateral: Listed<'a>,
    params: MarketParams,
}

impl<'a> Place<'a> {
    /// The market of that id.
    pub(super) fn of(book: &'a Book, at: &Deployment, id: B256) -> Result<Self, SandboxError> {
        let market = at.market(id).ok_or_else(|| book.wrong(format!("morpho_blue has no market {id}")))?;
        let (loan, collateral) = (book.token(&market.loan)?, book.token(&market.collateral)?);
        let params = MarketParams {
            loanToken: loan.address,
            collateralToken: collateral.address,
            oracle: market.oracle,
            irm: at.irm,
            lltv: market.lltv,
        };
        Ok(Self { morpho: at.morpho, id, loan, collateral, params })
    }

    /// Creates it, with its oracle.
    pub(super) fn create(
        &self,
        chain: &mut DevChain,
        book: &Book,
        contracts: &Contracts,
    ) -> Result<(), SandboxError> {
        let maker = account(MARKET_MAKER);
        if !chain.has_code(self.params.oracle) {
            let code = contracts.compiled("PairOracle", &[])?;
            let price = self.price(book)?.to_be_bytes::<32>();
            chain.create(Some(self.params.oracle), "PairOracle", code, &price)?;
        }
        let lltv = self.params.lltv;
        if !chain.view(self.morpho, &Morpho::isLltvEnabledCall { lltv })? {
            chain.send(maker, self.morpho, &Morpho::enableLltvCall { lltv })?;
        }
        chain.send(maker, self.morpho, &Morpho::createMarketCall { params: self.params.clone() })?;
        for token in [self.loan.address, self.collateral.address] {
            let all = Token::approveCall { spender: self.morpho, value: U256::MAX };
            chain.send_raw(maker, token, U256::ZERO, &all)?;
        }
        Ok(())
    }

    /// The collateral's price in the loan token, scaled by 10^36 and by the decimals of either.
    fn price(&self, book: &Book) -> Result<U256, SandboxError> {
        let decimals = (36 + self.loan.token.decimals).checked_sub(self.collateral.token.decimals);
        let price = decimals.and_then(|d| exact::ratio(self.collateral.price, self.loan.price, d));
        price.ok_or_else(|| book.wrong(format!("the price in the market {} is out of range", self.id)))
    }

    /// Lends what the market maker has for an account.
    pub(super) fn lend(&self, chain: &mut DevChain, assets: U256, who: Address) -> Result<(), SandboxError> {
        let params = self.params.clone();
        let call =
            Morpho::supplyCall { params, assets, shares: U256::ZERO, onBehalf: who, data: Bytes::new() };
        chain.send(account(MARKET_MAKER), self.morpho, &call)?;
        Ok(())
    }

    /// Borrows as an account, against collateral of the market maker, who also gets the loan.
    pub(super) fn borrow(
        &self,
        chain: &mut DevChain,
        collateral: U256,
        assets: U256,
        who: Address,
    ) -> Result<(), SandboxError> {
        let (maker, params) = (account(MARKET_MAKER), self.params.clone());
        let secure =
            Morpho::supplyCollateralCall { params, assets: collateral, onBehalf: who, data: Bytes::new() };
        chain.send(maker, self.morpho, &secure)?;
        let params = self.params.clone();
        let call = Morpho::borrowCall { params, assets, shares: U256::ZERO, onBehalf: who, receiver: maker };
        chain.send(who, self.morpho, &call)?;
        Ok(())
    }

    /// The market as the contracts tell it.
    pub(super) fn told(&self, chain: &DevChain) -> Result<LendingMarket, SandboxError> {
        let state = chain.view(self.morpho, &Morpho::marketCall { id: self.id })?;
        let [supplied, borrowed] = [state.totalSupplyAssets, state.totalBorrowAssets].map(U256::from);
        let ask = Irm::borrowRateViewCall { params: self.params.clone(), state };
        let rate = chain.view(self.params.irm, &ask)? * U256::from(YEAR);
        Ok(LendingMarket {
            id: self.id,
            loan: self.loan.token.symbol.clone(),
            collateral: self.collateral.token.symbol.clone(),
            lltv: self.params.lltv,
            supplied,
            borrowed,
            supply_rate: (rate * borrowed).checked_div(supplied).unwrap_or_default(),
            borrow_rate: rate,
        })
    }
}
