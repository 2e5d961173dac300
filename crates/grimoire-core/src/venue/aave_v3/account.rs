//! How safe an account's loans are: collateral, debt, health factor, as the pool itself counts them.

use alloy_primitives::{Address, U256};

use super::{abi::IPool, deployment::Deployment};
use crate::{
    amount::{Amount, mul_div, percent},
    block::{Stop, Warning},
    venue::{Desk, Fact, Health},
};

/// An account's loans.
#[derive(Clone, Copy)]
pub(super) struct Account {
    collateral: U256,
    debt: U256,
    threshold_bps: U256,
    health: Option<Amount>,
}

/// From here on a person should be told that liquidation is not far: a health factor of 1.5.
const NEAR_HUNDREDTHS: u64 = 150;
/// From here on a small move of prices liquidates: 1.1.
const VERY_NEAR_HUNDREDTHS: u64 = 110;

impl Account {
    /// The loans of an account now.
    pub(super) fn of(desk: &mut Desk<'_>, deployment: &Deployment, user: Address) -> Result<Self, Stop> {
        let data = desk.site.machine.view(deployment.pool, &IPool::getUserAccountDataCall { user })?;
        let health = (!data.totalDebtBase.is_zero()).then(|| Amount::new(data.healthFactor, 18));
        Ok(Self {
            collateral: data.totalCollateralBase,
            debt: data.totalDebtBase,
            threshold_bps: data.currentLiquidationThreshold,
            health,
        })
    }

    /// Debt as a share of the collateral, in millionths.
    fn ltv_ppm(self) -> Option<u32> {
        let share = |c| mul_div(self.debt, U256::from(1_000_000), c).saturating_to();
        (!self.collateral.is_zero()).then(|| share(self.collateral))
    }

    fn threshold_ppm(self) -> u32 {
        self.threshold_bps.saturating_mul(U256::from(100)).saturating_to()
    }

    /// The health factor before an action and after it.
    pub(super) const fn health(self, after: Self) -> Health {
        Health { before: self.health, after: after.health }
    }

    /// Health factor and LTV before an action and after it, for a person; nothing where there is no debt at all.
    pub(super) fn facts(self, after: Self) -> Vec<Fact> {
        if self.debt.is_zero() && after.debt.is_zero() {
            return Vec::new();
        }
        let health = |of: Self| of.health.map_or("no debt".to_owned(), |h| h.fixed(2));
        let ltv = |of: Self| of.ltv_ppm().map_or("no collateral".to_owned(), percent);
        let limit = percent(after.threshold_ppm());
        vec![
            Fact { label: "Health factor", value: format!("{} → {}", health(self), health(after)) },
            Fact {
                label: "LTV",
                value: format!("{} → {} (liquidated above {limit})", ltv(self), ltv(after)),
            },
        ]
    }

    /// The same for a program.
    pub(super) fn details(self, after: Self, details: &mut serde_json::Map<String, serde_json::Value>) {
        let health = |of: Self| of.health.map(|h| h.rounded(6).to_string());
        let ltv = |of: Self| of.ltv_ppm().map(percent);
        let mut set = |key: &str, value: Option<String>| details.insert(key.to_owned(), value.into());
        set("health_factor_before", health(self));
        set("health_factor_after", health(after));
        set("ltv_before", ltv(self));
        set("ltv_after", ltv(after));
        set("liquidation_threshold", after.ltv_ppm().map(|_| percent(after.threshold_ppm())));
    }

    /// What a person should know of an action that makes loans less safe.
    pub(super) fn warnings(self, after: Self) -> Vec<Warning> {
        let hundredths = |h: Amount| h.raw / U256::from(10).pow(U256::from(16));
        let worse = self.health.zip(after.health).is_none_or(|(before, after)| after.raw < before.raw);
        let Some(health) = after.health.filter(|h| worse && hundredths(*h) < U256::from(NEAR_HUNDREDTHS))
        else {
            return Vec::new();
        };
        let shown = health.fixed(2);
        let message = if hundredths(health) < U256::from(VERY_NEAR_HUNDREDTHS) {
            format!(
                "The health factor would be {shown}: a small move of prices would liquidate the position."
            )
        } else {
            format!("The health factor would be {shown}: below 1 the position is liquidated.")
        };
        vec![Warning { code: "near_liquidation", message }]
    }
}
