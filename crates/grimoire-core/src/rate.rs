//! Yearly rates: what lending earns and borrowing costs, compounded each second.

use std::fmt;

use alloy_primitives::{U256, U512};

use crate::amount::{Amount, percent};

/// Seconds of a year, as lending protocols count it.
const YEAR_SECS: u32 = 31_536_000;
/// One, with the 27 decimals that rates are computed in.
const RAY: u128 = 10u128.pow(27);

/// A yearly yield in millionths, compounded: 3.96 % is 39,600.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Apy(u32);

impl Apy {
    /// From a yearly rate without compounding, 27 decimals.
    #[must_use]
    pub fn of_yearly_ray(rate: U256) -> Self {
        Self::of_second_ray(rate / U256::from(YEAR_SECS))
    }

    /// From a rate per second, 27 decimals.
    #[must_use]
    pub fn of_second_ray(rate: U256) -> Self {
        let one = U512::from(RAY);
        // Above one a second nothing is meaningful any more.
        if U512::from(rate) > one {
            return Self(u32::MAX);
        }
        let mut base = one + U512::from(rate);
        let (mut result, mut exponent) = (one, YEAR_SECS);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * base / one;
            }
            base = (base * base / one).min(U512::from(u128::MAX));
            result = result.min(U512::from(u128::MAX));
            exponent >>= 1;
        }
        let ppm = (result - one) * U512::from(1_000_000) / one;
        Self(ppm.saturating_to())
    }

    /// A rate before an action and after it: `3.96% → 3.95%`, or one where nothing shows.
    #[must_use]
    pub fn change(before: Self, after: Self) -> String {
        let (before, after) = (before.to_string(), after.to_string());
        if before == after { after } else { format!("{before} → {after}") }
    }

    /// In millionths.
    #[must_use]
    pub const fn ppm(self) -> u32 {
        self.0
    }
}

/// What a debt may grow to until the transaction is included: a thousandth more, and a unit for rounding.
#[must_use]
pub fn until_included(debt: Amount) -> Amount {
    let interest = debt.raw / U256::from(1_000);
    Amount { raw: debt.raw.saturating_add(interest).saturating_add(U256::ONE), ..debt }
}

impl fmt::Display for Apy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&percent(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_compound_each_second() {
        let yearly = |bps: u128| Apy::of_yearly_ray(U256::from(RAY / 10_000 * bps));
        assert_eq!(yearly(0), Apy(0));
        // e^0.05 - 1 = 0.051271, e^1 - 1 = 1.718281.
        assert_eq!(yearly(500).to_string(), "5.13%");
        assert_eq!(yearly(10_000).to_string(), "171.83%");
        assert!((51_270..=51_272).contains(&yearly(500).ppm()));
        assert_eq!(Apy::of_second_ray(U256::MAX).ppm(), u32::MAX);
    }
}
