//! Exact arithmetic on decimals: amounts, ratios of prices, square roots and ticks.
//!
//! What comes in: decimals of a market file. What goes out: integers as contracts want them, rounded down where
//! something must be cut off. What it refuses to know: tokens, floats.

use alloy_primitives::{U256, U512, aliases::U160};
use grimoire_lang::Decimal;

/// `10^n`.
fn ten(n: u8) -> U512 {
    U512::from(10).pow(U512::from(n))
}

/// The integer a wide number fits into, unless it is too large.
fn narrow(n: U512) -> Option<U256> {
    U256::checked_from_limbs_slice(n.as_limbs())
}

/// `a / b` with `decimals` decimals.
pub(crate) fn ratio(a: Decimal, b: Decimal, decimals: u8) -> Option<U256> {
    let above = U512::from(a.mantissa()).checked_mul(ten(b.scale()))?.checked_mul(ten(decimals))?;
    let below = U512::from(b.mantissa()).checked_mul(ten(a.scale()))?;
    narrow(above.checked_div(below)?)
}

/// `amount` whole tokens in base units of `decimals`.
pub(crate) fn units(amount: Decimal, decimals: u8) -> Option<U256> {
    ratio(amount, Decimal::new(1, 0), decimals)
}

/// The first price of a Uniswap v3 pool, `sqrt(token1 / token0) * 2^96` in base units, from the dollar price and the
/// decimals of either token.
pub(crate) fn sqrt_price_x96(
    (price0, decimals0): (Decimal, u8),
    (price1, decimals1): (Decimal, u8),
) -> Option<U160> {
    let above =
        U512::from(price0.mantissa()).checked_mul(ten(price1.scale()))?.checked_mul(ten(decimals1))?;
    let below =
        U512::from(price1.mantissa()).checked_mul(ten(price0.scale()))?.checked_mul(ten(decimals0))?;
    let shifted = above.checked_mul(U512::from(1) << 192)?.checked_div(below)?;
    U160::checked_from_limbs_slice(square_root(shifted).as_limbs())
}

/// The largest integer whose square is not above `n`: Newton's method from above.
fn square_root(n: U512) -> U512 {
    if n.is_zero() {
        return n;
    }
    let mut root = U512::from(1) << n.bit_len().div_ceil(2);
    loop {
        let next = (root + n / root) >> 1;
        if next >= root {
            return root;
        }
        root = next;
    }
}

/// The fewest ticks of 0.01 % each that raise a price by `percent`.
pub(crate) fn ticks_spanning(percent: u32) -> i32 {
    // Each step cuts off less than one unit in 2^192.
    let one = U512::from(1) << 192;
    let goal = one * U512::from(100 + percent) / U512::from(100);
    let (mut reached, mut ticks) = (one, 0);
    while reached < goal {
        reached = reached * U512::from(10_001) / U512::from(10_000);
        ticks += 1;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn ratios_and_units_are_exact_and_cut_off_below() {
        assert_eq!(ratio(d("3050"), d("2500"), 18), Some(U256::from(1_220_000_000_000_000_000u64)));
        assert_eq!(
            ratio(d("5000000"), d("0.00001"), 18),
            Some(U256::from(5).pow(U256::from(1)) * U256::from(10).pow(U256::from(29)))
        );
        assert_eq!(ratio(d("1"), d("3"), 4), Some(U256::from(3333)));
        assert_eq!(ratio(d("1"), d("0"), 4), None);
        assert_eq!(units(d("0.1"), 9), Some(U256::from(100_000_000)));
    }

    #[test]
    fn a_square_root_is_the_floor() {
        for n in [0u64, 1, 2, 3, 4, 15, 16, 17, 99, 100, u64::MAX] {
            let root = square_root(U512::from(n));
            let next = root + U512::from(1);
            assert!(root * root <= U512::from(n) && next * next > U512::from(n), "{n}");
        }
    }

    #[test]
    fn equal_prices_give_the_price_one() {
        assert_eq!(sqrt_price_x96((d("2"), 18), (d("2"), 18)), Some(U160::from(1) << 96));
        assert_eq!(sqrt_price_x96((d("4"), 6), (d("1"), 6)), Some(U160::from(2) << 96));
    }

    #[test]
    fn ticks_span_a_percentage() {
        // 1.0001^99 < 1.01 <= 1.0001^100, and 1.0001^198 < 1.02 <= 1.0001^199
        assert_eq!(ticks_spanning(1), 100);
        assert_eq!(ticks_spanning(2), 199);
    }
}
