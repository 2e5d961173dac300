//! What a plan must keep to: slippage, least output, most input, gas, deadline.

use std::str::FromStr;

use alloy_primitives::U256;
use grimoire_lang::{Action, ActionKind, Decimal, Role};

use crate::amount::{mul_div, mul_div_up};

/// What one action must keep to, as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Tolerance between the quote and the least accepted.
    pub slippage: Option<Slippage>,
    /// The least that must arrive.
    pub min_out: Option<Limit>,
    /// The most that may be paid, with an exact output.
    pub max_in: Option<Limit>,
    /// The most that gas may cost.
    pub max_gas: Option<GasLimit>,
    /// How long the transactions may wait.
    pub deadline_secs: Option<u64>,
}

/// A bound on a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many tokens.
    Tokens(Decimal),
    /// So many dollars' worth.
    Usd(Decimal),
}

/// A bound on the price of execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GasLimit {
    /// Dollars for the whole plan.
    Usd(Decimal),
    /// The native token for the whole plan.
    Native(Decimal),
    /// Gwei a unit of gas.
    Gwei(Decimal),
}

/// A tolerance in millionths: 0.2 % is 2,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slippage(u32);

const WHOLE: u32 = 1_000_000;

impl Slippage {
    /// From basis points.
    ///
    /// # Panics
    /// Above 10,000.
    #[must_use]
    pub fn from_bps(bps: u32) -> Self {
        assert!(bps <= 10_000, "a tolerance is at most the whole");
        Self(bps * 100)
    }

    /// In millionths.
    #[must_use]
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// The least to accept of a quoted output: rounded down.
    #[must_use]
    pub fn least(self, quote: U256) -> U256 {
        mul_div(quote, U256::from(WHOLE - self.0), U256::from(WHOLE))
    }

    /// The most to pay for a quoted input: rounded up; out of range pins to the largest number.
    #[must_use]
    pub fn most(self, quote: U256) -> U256 {
        if quote > U256::MAX >> 32 {
            return U256::MAX;
        }
        mul_div_up(quote, U256::from(WHOLE + self.0), U256::from(WHOLE))
    }
}

impl std::fmt::Display for Slippage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}%", Decimal::new(u128::from(self.0), 4))
    }
}

/// `0.5%`, finer than a millionth rounded down to the stricter side.
impl FromStr for Slippage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let percent: Decimal = text.strip_suffix('%').ok_or(())?.parse().map_err(|_| ())?;
        let scale = 10u128.checked_pow(u32::from(percent.scale())).ok_or(())?;
        let ppm = percent.mantissa().checked_mul(10_000).ok_or(())? / scale;
        u32::try_from(ppm).ok().filter(|&p| p <= WHOLE).map(Self).ok_or(())
    }
}

impl Limits {
    /// The limits of an action; the role whose value has not the canonical form, otherwise.
    pub(super) fn read(action: &Action, native: &str) -> Result<Self, Role> {
        Ok(Self {
            slippage: read(action, Role::MaxSlippage, |t| t.parse().ok())?,
            min_out: read(action, Role::MinOut, limit)?,
            max_in: read(action, Role::MaxIn, limit)?,
            max_gas: read(action, Role::MaxGas, |text| gas(text, native))?,
            deadline_secs: read(action, Role::Deadline, duration)?,
        })
    }
}

impl Limits {
    /// A limit that an action of this kind has no way to keep; gas can always be limited.
    pub(super) const fn not_kept_by(&self, kind: ActionKind) -> Option<Role> {
        let (slippage, min_out, max_in, deadline) = match kind {
            ActionKind::Swap => (true, true, true, true),
            // What a bridge loses is its fee.
            ActionKind::Bridge => (true, true, false, true),
            _ => (false, false, false, false),
        };
        match self {
            Self { slippage: Some(_), .. } if !slippage => Some(Role::MaxSlippage),
            Self { min_out: Some(_), .. } if !min_out => Some(Role::MinOut),
            Self { max_in: Some(_), .. } if !max_in => Some(Role::MaxIn),
            Self { deadline_secs: Some(_), .. } if !deadline => Some(Role::Deadline),
            _ => None,
        }
    }
}

fn read<T>(action: &Action, role: Role, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Role> {
    action.get(role).map(|text| parse(text).ok_or(role)).transpose()
}

fn limit(text: &str) -> Option<Limit> {
    match text.strip_prefix('$') {
        Some(usd) => usd.parse().ok().map(Limit::Usd),
        None => text.parse().ok().map(Limit::Tokens),
    }
}

fn gas(text: &str, native: &str) -> Option<GasLimit> {
    if let Some(usd) = text.strip_prefix('$') {
        return usd.parse().ok().map(GasLimit::Usd);
    }
    let (number, unit) = text.split_once(' ')?;
    let number = number.parse().ok()?;
    match unit {
        "gwei" => Some(GasLimit::Gwei(number)),
        _ if unit == native => Some(GasLimit::Native(number)),
        _ => None,
    }
}

/// Transactions that wait longer than a day would be executed at prices nobody looked at.
const LONGEST_SECS: u64 = 86_400;

fn duration(text: &str) -> Option<u64> {
    let unit = text.chars().last()?;
    let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
    let secs = count.checked_mul(match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    });
    secs.filter(|&s| s > 0 && s <= LONGEST_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_rounds_down_and_the_most_rounds_up() {
        let slippage: Slippage = "0.2%".parse().expect("a percentage");
        assert_eq!((slippage, slippage.to_string().as_str()), (Slippage::from_bps(20), "0.2%"));
        assert_eq!(slippage.least(U256::from(1_001)), U256::from(998));
        assert_eq!(slippage.most(U256::from(1_001)), U256::from(1_004));
        assert!("101%".parse::<Slippage>().is_err());
    }

    #[test]
    fn limits_have_their_canonical_forms_only() {
        assert_eq!(limit("$95"), Some(Limit::Usd(Decimal::new(95, 0))));
        assert_eq!(gas("20 gwei", "ETH"), Some(GasLimit::Gwei(Decimal::new(20, 0))));
        assert_eq!(gas("5 USDC", "ETH"), None);
        assert_eq!(gas("0.01 ETH", "ETH"), Some(GasLimit::Native(Decimal::new(1, 2))));
        assert_eq!(
            (duration("10m"), duration("2h"), duration("10"), duration("m")),
            (Some(600), Some(7_200), None, None)
        );
    }
}
