//! A quantity of a token: raw units and decimals, never a float.

use std::fmt;

use alloy_primitives::{I256, U256, U512, ruint::UintTryFrom as _};
use grimoire_lang::Decimal;

/// So many units of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The smallest units.
    pub raw: U256,
    /// How many of them make one token, as a power of ten.
    pub decimals: u8,
}

impl Amount {
    /// So many smallest units.
    #[must_use]
    pub const fn new(raw: U256, decimals: u8) -> Self {
        Self { raw, decimals }
    }

    /// A decimal number of tokens; none when it is too fine for the token or too large for the chain.
    #[must_use]
    pub fn of(number: Decimal, decimals: u8) -> Option<Self> {
        let raw =
            U256::from(number.mantissa()).checked_mul(ten_to(decimals.checked_sub(number.scale())?)?)?;
        Some(Self { raw, decimals })
    }

    /// The part `numerator / denominator` of it, rounded down.
    ///
    /// # Panics
    /// When the part is no part: a zero denominator, or more than the whole.
    #[must_use]
    pub fn part(self, numerator: u64, denominator: u64) -> Self {
        assert!(numerator <= denominator && denominator > 0, "a part is at most the whole");
        Self { raw: mul_div(self.raw, U256::from(numerator), U256::from(denominator)), ..self }
    }

    /// With exactly so many decimals, rounded down: `1.42`.
    #[must_use]
    pub fn fixed(self, decimals: u8) -> String {
        let shown = decimals.min(self.decimals);
        let raw = ten_to(self.decimals - shown).map_or(U256::ZERO, |unit| self.raw / unit);
        let digits = format!("{:0>width$}", raw.to_string(), width = usize::from(shown) + 1);
        let (whole, part) = digits.split_at(digits.len() - usize::from(shown));
        if part.is_empty() { whole.into() } else { format!("{whole}.{part}") }
    }

    /// As a signed figure with its sign written: `+0.5`, `-100`.
    #[must_use]
    pub fn signed(change: I256, decimals: u8) -> String {
        let sign = if change.is_negative() { '-' } else { '+' };
        format!("{sign}{}", Self::new(change.unsigned_abs(), decimals))
    }

    /// Rounded down to so many significant digits, for sentences.
    #[must_use]
    pub fn rounded(self, digits: usize) -> Self {
        let cut = self.raw.to_string().len().saturating_sub(digits);
        let keep = u8::try_from(cut).ok().and_then(ten_to);
        keep.map_or(self, |k| Self { raw: self.raw / k * k, ..self })
    }

    /// Rounded up to so many significant digits: for what is needed.
    #[must_use]
    pub fn rounded_up(self, digits: usize) -> Self {
        let down = self.rounded(digits);
        let cut = self.raw.to_string().len().saturating_sub(digits);
        match u8::try_from(cut).ok().and_then(ten_to) {
            Some(unit) if down.raw < self.raw => Self { raw: down.raw.saturating_add(unit), ..self },
            _ => self,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.raw.to_string(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        let part = part.trim_end_matches('0');
        if part.is_empty() { f.write_str(whole) } else { write!(f, "{whole}.{part}") }
    }
}

/// `10^exponent`, unless it is out of range.
#[must_use]
pub fn ten_to(exponent: u8) -> Option<U256> {
    U256::from(10).checked_pow(U256::from(exponent))
}

/// `a * b / c`, rounded down, exact in between; what exceeds 256 bits pins to the largest number.
///
/// # Panics
/// When `c` is zero.
#[must_use]
pub fn mul_div(a: U256, b: U256, c: U256) -> U256 {
    narrow(U512::from(a) * U512::from(b) / U512::from(c))
}

/// `a * b / c`, rounded up, exact in between; what exceeds 256 bits pins to the largest number.
///
/// # Panics
/// When `c` is zero.
#[must_use]
pub fn mul_div_up(a: U256, b: U256, c: U256) -> U256 {
    narrow((U512::from(a) * U512::from(b)).div_ceil(U512::from(c)))
}

fn narrow(wide: U512) -> U256 {
    U256::uint_try_from(wide).unwrap_or(U256::MAX)
}

/// Millionths as a percentage with two decimals: `0.05%`.
#[must_use]
pub fn percent(ppm: u32) -> String {
    let hundredths = (u64::from(ppm) + 50) / 100;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str, decimals: u8) -> Option<Amount> {
        Amount::of(text.parse().expect("a decimal"), decimals)
    }

    #[test]
    fn decimals_become_units_and_back() {
        for (text, decimals, raw) in
            [("100", 6, 100_000_000u64), ("0.000001", 6, 1), ("1.5", 8, 150_000_000), ("0", 18, 0)]
        {
            let a = amount(text, decimals).expect("fits");
            assert_eq!(a.raw, U256::from(raw));
            assert_eq!(a.to_string(), text);
        }
        assert_eq!(amount("0.0000001", 6), None, "too fine for the token");
    }

    #[test]
    fn parts_round_down_and_never_overflow() {
        let a = Amount::new(U256::MAX, 18);
        assert_eq!(a.part(1, 1), a);
        assert_eq!(Amount::new(U256::from(10), 6).part(1, 3).raw, U256::from(3));
        assert_eq!(mul_div_up(U256::from(10), U256::ONE, U256::from(3)), U256::from(4));
        assert_eq!(
            mul_div(U256::MAX, U256::from(2), U256::ONE),
            U256::MAX,
            "what contracts answer may be nonsense"
        );
    }

    #[test]
    fn a_fixed_number_of_decimals_is_rounded_down() {
        assert_eq!(amount("1.4299", 18).expect("fits").fixed(2), "1.42");
        assert_eq!(amount("0.009", 18).expect("fits").fixed(2), "0.00");
        assert_eq!(amount("12345", 6).expect("fits").fixed(2), "12345.00");
        assert_eq!(amount("7", 0).expect("fits").fixed(2), "7");
    }

    #[test]
    fn sentences_get_a_few_digits() {
        assert_eq!(amount("0.0399840123", 18).expect("fits").rounded(4).to_string(), "0.03998");
        assert_eq!(amount("1234567.891", 6).expect("fits").rounded(4).to_string(), "1234000");
        assert_eq!(amount("1.00036", 18).expect("fits").rounded_up(4).to_string(), "1.001");
        assert_eq!(amount("1.5", 18).expect("fits").rounded_up(4).to_string(), "1.5");
    }
}
