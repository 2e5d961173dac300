//! One market as it is now: totals with the interest of this second, rates, what is at hand, what accounts have in it.

use alloy_primitives::{Address, B256, U256};
use grimoire_registry::{ChainId, REGISTRY, Token};

use super::{
    abi::{IIrm, IMorpho, IOracle, MarketParams, MarketState, PositionState},
    deployment::{self, Deployment},
};
use crate::{
    amount::{Amount, mul_div, mul_div_up, percent, ten_to},
    block::Stop,
    evm::{Call, Machine},
    rate::Apy,
    venue::{Position, PositionKind},
};

/// A listed market on a chain.
#[derive(Clone, Copy)]
pub(super) struct Market {
    /// Every market's contract.
    pub(super) morpho: Address,
    /// Keccak-256 of its parameters.
    pub(super) id: B256,
    /// What is lent.
    pub(super) loan: &'static Token,
    /// What secures loans.
    pub(super) collateral: &'static Token,
    oracle: Address,
    irm: Address,
    lltv: U256,
}

impl Market {
    /// The listed markets of a chain, in the order of the registry.
    pub(super) fn all(chain: ChainId) -> Vec<Self> {
        let Some(deployment) = Deployment::of(chain) else { return Vec::new() };
        let of = |row: &deployment::Market| {
            Some(Self {
                morpho: deployment.morpho,
                id: row.id,
                loan: REGISTRY.token(chain, &row.loan)?,
                collateral: REGISTRY.token(chain, &row.collateral)?,
                oracle: row.oracle,
                irm: deployment.irm,
                lltv: row.lltv,
            })
        };
        deployment.markets.iter().filter_map(of).collect()
    }

    /// Its name for people: `WBTC/USDC 86%`.
    pub(super) fn name(&self) -> String {
        let limit = percent(self.lltv_ppm());
        let limit = limit.trim_end_matches('%').trim_end_matches('0').trim_end_matches('.');
        format!("{}/{} {limit}%", self.collateral.symbol, self.loan.symbol)
    }

    /// The LTV at which a position is liquidated, in millionths.
    pub(super) fn lltv_ppm(&self) -> u32 {
        (self.lltv / U256::from(10).pow(U256::from(12))).saturating_to()
    }

    /// What makes it.
    pub(super) fn params(&self) -> MarketParams {
        MarketParams {
            loanToken: self.loan.address.unwrap_or_default(),
            collateralToken: self.collateral.address.unwrap_or_default(),
            oracle: self.oracle,
            irm: self.irm,
            lltv: self.lltv,
        }
    }

    /// A position in it.
    pub(super) const fn position(&self, kind: PositionKind) -> Position {
        let token = match kind {
            PositionKind::Collateral => self.collateral,
            PositionKind::Supplied | PositionKind::Debt => self.loan,
        };
        Position { venue: "morpho_blue", kind, token, market: Some(self.id) }
    }

    /// What an account has in it, as shares.
    pub(super) fn shares(&self, machine: &mut Machine, user: Address) -> Result<PositionState, Stop> {
        Ok(machine.view(self.morpho, &IMorpho::positionCall { id: self.id, user })?)
    }

    /// Its totals now, interest included; none when it was never created.
    pub(super) fn now(&self, machine: &mut Machine) -> Result<Option<Totals>, Stop> {
        let stored = machine.view(self.morpho, &IMorpho::marketCall { id: self.id })?;
        if stored.lastUpdate == 0 {
            return Ok(None);
        }
        let state = if U256::from(stored.lastUpdate) >= U256::from(machine.block().timestamp) {
            stored
        } else {
            // Interest is the contract's to add: it does so on a copy.
            let mut copy = machine.clone();
            let accrue = IMorpho::accrueInterestCall { params: self.params() };
            copy.rehearse(Address::ZERO, &Call::new(self.morpho, &accrue, "Accrue interest".into()))?;
            copy.view(self.morpho, &IMorpho::marketCall { id: self.id })?
        };
        Ok(Some(Totals { market: *self, state }))
    }

    /// What an amount of collateral is worth in the loan token.
    pub(super) fn worth(&self, machine: &mut Machine, collateral: U256) -> Result<U256, Stop> {
        Ok(mul_div(collateral, self.price(machine)?, scale(36)))
    }

    /// How much collateral is worth an amount of the loan token.
    pub(super) fn collateral_worth(&self, machine: &mut Machine, loan: U256) -> Result<Amount, Stop> {
        let price = self.price(machine)?.max(U256::ONE);
        Ok(Amount::new(mul_div_up(loan, scale(36), price), self.collateral.decimals))
    }

    fn price(&self, machine: &mut Machine) -> Result<U256, Stop> {
        Ok(machine.view(self.oracle, &IOracle::priceCall {})?)
    }
}

/// A market's totals at this second.
#[derive(Clone)]
pub(super) struct Totals {
    /// Whose.
    pub(super) market: Market,
    state: MarketState,
}

/// Shares that exist from the start, so that the first ones cannot be worth too much.
const VIRTUAL_SHARES: u64 = 1_000_000;

impl Totals {
    /// What supply shares are worth, rounded down.
    pub(super) fn supplied(&self, position: &PositionState) -> Amount {
        let assets = U256::from(self.state.totalSupplyAssets) + U256::ONE;
        let shares = U256::from(self.state.totalSupplyShares) + U256::from(VIRTUAL_SHARES);
        self.loan(mul_div(position.supplyShares, assets, shares))
    }

    /// What borrow shares cost, rounded up.
    pub(super) fn owed(&self, position: &PositionState) -> Amount {
        let assets = U256::from(self.state.totalBorrowAssets) + U256::ONE;
        let shares = U256::from(self.state.totalBorrowShares) + U256::from(VIRTUAL_SHARES);
        self.loan(mul_div_up(U256::from(position.borrowShares), assets, shares))
    }

    /// What is not lent out.
    pub(super) fn liquidity(&self) -> Amount {
        self.loan(self.total().saturating_sub(U256::from(self.state.totalBorrowAssets)))
    }

    /// All that is supplied.
    pub(super) fn total(&self) -> U256 {
        U256::from(self.state.totalSupplyAssets)
    }

    /// The share that is lent out, in millionths.
    pub(super) fn utilisation_ppm(&self) -> u32 {
        if self.total().is_zero() {
            return 0;
        }
        mul_div(U256::from(self.state.totalBorrowAssets), U256::from(1_000_000), self.total()).saturating_to()
    }

    /// What lending earns and borrowing costs.
    pub(super) fn rates(&self, machine: &mut Machine) -> Result<Rates, Stop> {
        let call = IIrm::borrowRateViewCall { params: self.market.params(), state: self.state.clone() };
        let second = machine.view(self.market.irm, &call)?;
        let ray = second.saturating_mul(scale(9));
        // Lenders share what borrowers pay, less the market's fee.
        let kept = scale(18).saturating_sub(U256::from(self.state.fee));
        let shared = mul_div(ray, U256::from(self.utilisation_ppm()), U256::from(1_000_000));
        Ok(Rates {
            supply: Apy::of_second_ray(mul_div(shared, kept, scale(18))),
            borrow: Apy::of_second_ray(ray),
        })
    }

    fn loan(&self, raw: U256) -> Amount {
        Amount::new(raw, self.market.loan.decimals)
    }
}

/// What a market pays and costs.
#[derive(Clone, Copy)]
pub(super) struct Rates {
    /// What lending earns.
    pub(super) supply: Apy,
    /// What borrowing costs.
    pub(super) borrow: Apy,
}

pub(super) fn scale(exponent: u8) -> U256 {
    ten_to(exponent).unwrap_or(U256::MAX)
}
