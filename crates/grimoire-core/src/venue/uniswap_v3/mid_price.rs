//! Mid prices: what pools trade at before the trade, and what no route can beat.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256, U512};

use super::{
    abi::IUniswapV3Pool,
    quote::{Fixed, Quote},
    route::{Hop, Route},
};
use crate::evm::{CallError, Machine, StateError};

/// Fractions are carried with 64 bits behind the point.
const FRACTION_BITS: usize = 64;

/// Everything, in millionths; pool fees are millionths of what goes in.
const WHOLE: u32 = 1_000_000;

/// The mid prices of pools, each read once.
#[derive(Debug, Default)]
pub struct MidPrices {
    sqrt: BTreeMap<Address, Option<U512>>,
}

impl MidPrices {
    /// The best a route could give if the trade did not move its prices: the most out, or the least in, fees paid.
    /// None when a pool has no price.
    ///
    /// A trade moves every price against itself, so executing the route never beats this.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub(super) fn bound(
        &mut self,
        machine: &mut Machine,
        route: &Route,
        fixed: Fixed,
    ) -> Result<Option<U256>, StateError> {
        let (amount, exact_in) = match fixed {
            Fixed::In(raw) => (raw, true),
            Fixed::Out(raw) => (raw, false),
        };
        let mut carried = Some(U512::from(amount) << FRACTION_BITS);
        let hops: Vec<&Hop> =
            if exact_in { route.0.iter().collect() } else { route.0.iter().rev().collect() };
        for hop in hops {
            let Some(sqrt) = self.sqrt(machine, hop.pool)? else { return Ok(None) };
            let (kept, whole) = (U512::from(WHOLE - hop.fee.min(WHOLE - 1)), U512::from(WHOLE));
            let (up, down) = if exact_in { (kept, whole) } else { (whole, kept) };
            carried = carried
                .and_then(|a| at_mid_price(a, sqrt, (hop.from < hop.to) == exact_in))
                .and_then(|a| a.checked_mul(up)?.checked_div(down));
        }
        // One unit in the direction of hope: rounding must never rule out the best route.
        let rounded = carried.map(|a| a >> FRACTION_BITS);
        let bound =
            rounded.map(|a| if exact_in { a.saturating_add(U512::ONE) } else { a.saturating_sub(U512::ONE) });
        Ok(Some(bound.map_or(if exact_in { U256::MAX } else { U256::ZERO }, |a| a.saturating_to())))
    }

    /// Loss against the mid price before the trade, LP fee included, in millionths.
    ///
    /// `1 - out / (in * mid)`, as Uniswap's SDK counts it (`computePriceImpact`); rounded to the nearest. What is out
    /// of all range counts as a total loss.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn impact_ppm(&mut self, machine: &mut Machine, quote: &Quote) -> Result<u32, StateError> {
        let mut ideal = Some(U512::from(quote.amount_in) << FRACTION_BITS);
        for hop in &quote.route.0 {
            let sqrt = self.sqrt(machine, hop.pool)?;
            ideal = ideal.zip(sqrt).and_then(|(amount, sqrt)| at_mid_price(amount, sqrt, hop.from < hop.to));
        }
        let out = U512::from(quote.amount_out) << FRACTION_BITS;
        let ppm = ideal.and_then(|ideal| {
            let loss = ideal.saturating_sub(out).checked_mul(U512::from(WHOLE))?;
            loss.checked_add(ideal >> 1)?.checked_div(ideal)
        });
        Ok(ppm.map_or(WHOLE, |ppm| ppm.saturating_to::<u32>().min(WHOLE)))
    }

    fn sqrt(&mut self, machine: &mut Machine, pool: Address) -> Result<Option<U512>, StateError> {
        if let Some(known) = self.sqrt.get(&pool) {
            return Ok(*known);
        }
        let sqrt = match machine.view(pool, &IUniswapV3Pool::slot0Call {}) {
            Ok(slot) => Some(U512::from(slot.sqrtPriceX96)).filter(|s| !s.is_zero()),
            Err(CallError::State(error)) => return Err(error),
            Err(_) => None,
        };
        self.sqrt.insert(pool, sqrt);
        Ok(sqrt)
    }
}

/// What an amount of token0 is worth in token1 at a pool's mid price, `(sqrtPriceX96 / 2^96)^2`; or the other way.
fn at_mid_price(amount: U512, sqrt: U512, zero_to_one: bool) -> Option<U512> {
    let scale = U512::ONE << 96;
    let (numerator, denominator) = if zero_to_one { (sqrt, scale) } else { (scale, sqrt) };
    let once = amount.checked_mul(numerator)?.checked_div(denominator)?;
    once.checked_mul(numerator)?.checked_div(denominator)
}
