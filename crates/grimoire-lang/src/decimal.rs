//! Exact decimals: what a person writes as a number, without floats.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `mantissa / 10^scale`, always in lowest terms (no trailing zeros behind the point).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: u128,
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// `mantissa / 10^scale`, brought to lowest terms.
    #[must_use]
    pub const fn new(mut mantissa: u128, mut scale: u8) -> Self {
        while scale > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The digits without the point.
    #[must_use]
    pub const fn mantissa(self) -> u128 {
        self.mantissa
    }

    /// How many digits stand behind the point.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The product, unless it leaves the range.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        Some(Self::new(self.mantissa.checked_mul(other.mantissa)?, self.scale.checked_add(other.scale)?))
    }

    /// The sum, unless it leaves the range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let widen = |d: Self| d.mantissa.checked_mul(10u128.checked_pow(u32::from(scale - d.scale))?);
        Some(Self::new(widen(self)?.checked_add(widen(other)?)?, scale))
    }
}

impl Decimal {
    /// What is left of it; none when there is less.
    #[must_use]
    pub fn checked_sub(self, less: Self) -> Option<Self> {
        let scale = self.scale.max(less.scale);
        let at = |d: Self| d.mantissa.checked_mul(10u128.checked_pow(u32::from(scale - d.scale))?);
        Some(Self::new(at(self)?.checked_sub(at(less)?)?, scale))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    /// Compares whole parts, then fractions digit by digit: never overflows.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let split = |d: &Self| {
            let unit = 10u128.checked_pow(u32::from(d.scale));
            unit.map_or((0, d.mantissa, d.scale), |u| (d.mantissa / u, d.mantissa % u, d.scale))
        };
        let ((a, fa, sa), (b, fb, sb)) = (split(self), split(other));
        let digits = |f: u128, s: u8| format!("{f:0>width$}", width = usize::from(s));
        a.cmp(&b).then_with(|| digits(fa, sa).trim_end_matches('0').cmp(digits(fb, sb).trim_end_matches('0')))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.mantissa, width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        if part.is_empty() { f.write_str(whole) } else { write!(f, "{whole}.{part}") }
    }
}

/// The text is not a plain decimal such as `1500` or `0.25`, or has more than 38 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADecimal;

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a plain decimal number such as 1500 or 0.25")
    }
}

impl std::error::Error for NotADecimal {}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !plain(whole) || !plain(part) || text.ends_with('.') {
            return Err(NotADecimal);
        }
        let part = part.trim_end_matches('0');
        let scale = u8::try_from(part.len()).map_err(|_| NotADecimal)?;
        let digits = format!("{whole}{part}");
        let digits = digits.trim_start_matches('0');
        let mantissa = if digits.is_empty() { 0 } else { digits.parse().map_err(|_| NotADecimal)? };
        Ok(Self::new(mantissa, scale))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_in_and_comes_out_canonical() {
        for (text, want) in [("100", "100"), ("1.50", "1.5"), (".5", "0.5"), ("007", "7"), ("0.000", "0")] {
            assert_eq!(text.parse::<Decimal>().map(|d| d.to_string()).as_deref(), Ok(want));
        }
        for text in ["", ".", "1.", "1e3", "-1", "+1", "1,000", "٣", "1.2.3"] {
            assert_eq!(text.parse::<Decimal>(), Err(NotADecimal), "{text}");
        }
    }

    #[test]
    fn the_difference_is_exact_and_never_negative() {
        let d = |s: &str| s.parse::<Decimal>().expect("a decimal");
        assert_eq!(d("100").checked_sub(d("33.5")), Some(d("66.5")));
        assert_eq!(d("0.25").checked_sub(d("0.25")), Some(d("0")));
        assert_eq!(d("1").checked_sub(d("1.01")), None);
    }

    #[test]
    fn order_is_by_value() {
        let d = |s: &str| s.parse::<Decimal>().expect("a decimal");
        assert!(d("0.5") < d("0.51") && d("2") < d("10") && d("1.09") < d("1.1") && d("3") == d("3.0"));
    }
}
