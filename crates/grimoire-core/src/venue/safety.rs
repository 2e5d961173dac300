//! How safe an account's loans are before an action and after it: health factor and LTV, as figures and as sentences.

use alloy_primitives::U256;
use serde_json::{Map, Value};

use super::{Fact, Health};
use crate::{
    amount::{Amount, percent},
    block::Warning,
};

/// How safe loans are at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Safety {
    /// What the collateral covers over what is owed, 18 decimals; none without debt.
    pub health: Option<Amount>,
    /// Debt over the worth of the collateral, in millionths; none without collateral.
    pub ltv_ppm: Option<u32>,
    /// The LTV at which the position is liquidated, in millionths.
    pub liquidated_ppm: u32,
}

/// From here on a person should be told that liquidation is not far: a health factor of 1.5.
const NEAR_HUNDREDTHS: u64 = 150;
/// From here on a small move of prices liquidates: 1.1.
const VERY_NEAR_HUNDREDTHS: u64 = 110;

impl Safety {
    /// The health factor before an action and after it.
    #[must_use]
    pub const fn health(self, after: Self) -> Health {
        Health { before: self.health, after: after.health }
    }

    /// For a person; nothing where there is no debt at all.
    #[must_use]
    pub fn facts(self, after: Self) -> Vec<Fact> {
        if self.health.is_none() && after.health.is_none() {
            return Vec::new();
        }
        let health = |of: Self| of.health.map_or("no debt".to_owned(), |h| h.fixed(2));
        let ltv = |of: Self| of.ltv_ppm.map_or("no collateral".to_owned(), percent);
        let limit = percent(after.ltv_ppm.map_or(self.liquidated_ppm, |_| after.liquidated_ppm));
        vec![
            Fact { label: "Health factor", value: format!("{} → {}", health(self), health(after)) },
            Fact {
                label: "LTV",
                value: format!("{} → {} (liquidated above {limit})", ltv(self), ltv(after)),
            },
        ]
    }

    /// For a program; null where there is nothing.
    pub fn details(self, after: Self, details: &mut Map<String, Value>) {
        let health = |of: Self| of.health.map(|h| h.rounded(6).to_string());
        let ltv = |of: Self| of.ltv_ppm.map(percent);
        let mut set = |key: &str, value: Option<String>| details.insert(key.to_owned(), value.into());
        set("health_factor_before", health(self));
        set("health_factor_after", health(after));
        set("ltv_before", ltv(self));
        set("ltv_after", ltv(after));
        set("liquidation_threshold", after.ltv_ppm.map(|_| percent(after.liquidated_ppm)));
    }

    /// What a person should know of an action that makes loans less safe.
    #[must_use]
    pub fn warnings(self, after: Self) -> Vec<Warning> {
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
