//! The best of all routes: the most out, or the least in, gas counted where it can be priced.

use alloy_primitives::{Address, U256};
use grimoire_registry::{REGISTRY, Token, Venue};

use super::{
    quote::{Fixed, Quote},
    route::Route,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::Fee,
    venue::Desk,
};

/// The pair a swap trades.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// What goes in.
    pub(super) token_in: &'static Token,
    /// What comes out.
    pub(super) token_out: &'static Token,
    /// The contract that is traded for `token_in`.
    pub(super) from: Address,
    /// The contract that is traded for `token_out`.
    pub(super) to: Address,
}

/// Executes every route and takes the best.
///
/// # Errors
/// When there is no route, or none can fill the trade; or the state cannot be read.
pub(super) fn best(
    desk: &mut Desk<'_>,
    venue: &Venue,
    quoter: Address,
    pair: Pair,
    fixed: Fixed,
) -> Result<Quote, Stop> {
    let routes = Route::find(&mut desk.all.machine, venue, pair.from, pair.to)?;
    let counted = match fixed {
        Fixed::In(_) => pair.token_out,
        Fixed::Out(_) => pair.token_in,
    };
    let rate = GasRate::of(desk, counted)?;
    let mut best: Option<(U256, Quote)> = None;
    for route in &routes {
        let Some(quote) = Quote::of(&mut desk.all.machine, quoter, route, fixed)? else { continue };
        let gas = rate.map_or(U256::ZERO, |r| r.cost(quote.gas));
        let score = match fixed {
            Fixed::In(_) => quote.amount_out.saturating_sub(gas),
            Fixed::Out(_) => U256::MAX - quote.amount_in.saturating_add(gas),
        };
        // Strictly better only: among equals the first found wins, so the choice never depends on chance.
        if best.as_ref().is_none_or(|(top, _)| score > *top) {
            best = Some((score, quote));
        }
    }
    match best {
        Some((_, quote)) => Ok(quote),
        None if routes.is_empty() => Err(no_route(desk, venue, pair)),
        None => Err(cannot_fill(desk, venue, quoter, pair, fixed, &routes)?),
    }
}

/// What gas costs in the token that is compared.
#[derive(Clone, Copy)]
struct GasRate {
    tokens_per_mega_gas: U256,
}

impl GasRate {
    fn of(desk: &mut Desk<'_>, token: &'static Token) -> Result<Option<Self>, Stop> {
        let machine = &mut desk.all.machine;
        let native = REGISTRY.native(machine.chain());
        let wei = U256::from(Fee::of(machine.block()).effective) * U256::from(1_000_000);
        let Some(native_price) = desk.all.prices.of(machine, native)? else { return Ok(None) };
        let Some(price) = desk.all.prices.of(machine, token)? else { return Ok(None) };
        let usd = native_price.value(Amount::new(wei, native.decimals));
        let micros = Amount::new(usd.micros().saturating_to(), 6);
        Ok(price.amount(micros, token.decimals).map(|a| Self { tokens_per_mega_gas: a.raw }))
    }

    fn cost(self, gas: u64) -> U256 {
        self.tokens_per_mega_gas.saturating_mul(U256::from(gas)) / U256::from(1_000_000)
    }
}

fn no_route(desk: &Desk<'_>, venue: &Venue, pair: Pair) -> Stop {
    let chain = &REGISTRY.chain(desk.all.machine.chain()).name;
    let message = format!(
        "{} has no pool on {chain} that leads from {} to {}. Another token may work.",
        venue.name, pair.token_in.symbol, pair.token_out.symbol
    );
    Blocked::new("no_route", message).into()
}

/// Names the largest amount of the fixed side that some route fills.
fn cannot_fill(
    desk: &mut Desk<'_>,
    venue: &Venue,
    quoter: Address,
    pair: Pair,
    fixed: Fixed,
    routes: &[Route],
) -> Result<Stop, Stop> {
    let (token, wanted) = match fixed {
        Fixed::In(raw) => (pair.token_in, raw),
        Fixed::Out(raw) => (pair.token_out, raw),
    };
    let most = largest(wanted, |raw| {
        let fixed = if matches!(fixed, Fixed::In(_)) { Fixed::In(raw) } else { Fixed::Out(raw) };
        for route in routes {
            if Quote::of(&mut desk.all.machine, quoter, route, fixed)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    let wanted = Amount::new(wanted, token.decimals);
    let most = Amount::new(most, token.decimals).rounded(3);
    let mut message =
        format!("The pools of {} cannot fill a trade of {wanted} {}.", venue.name, token.symbol);
    let at_most = (!most.raw.is_zero()).then(|| format!("{most} {}", token.symbol));
    if let Some(at_most) = &at_most {
        message.push_str(&format!(" They could fill about {at_most}, at a far worse price."));
    }
    Ok(Blocked { code: "insufficient_liquidity", message, at_most }.into())
}

/// The largest amount below a refused one that passes, to about one part in a thousand.
///
/// # Errors
/// When the test fails.
pub(super) fn largest(
    refused: U256,
    mut passes: impl FnMut(U256) -> Result<bool, Stop>,
) -> Result<U256, Stop> {
    let (mut low, mut high) = (U256::ZERO, refused);
    // First by halving the number of digits, then by halving the interval.
    let mut bits = refused.bit_len();
    while bits > 0 && low.is_zero() {
        bits -= 1;
        let trial = U256::ONE << bits;
        if trial < refused && passes(trial)? {
            low = trial;
        } else if trial < refused {
            high = trial;
        }
    }
    while high - low > low / U256::from(1_000) && high - low > U256::ONE {
        let middle = low + (high - low) / U256::from(2);
        if passes(middle)? { low = middle } else { high = middle }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_passing_amount_is_found_within_a_thousandth() {
        let limit = U256::from(123_456_789u64);
        let found =
            largest(U256::from(10u64).pow(U256::from(18)), |raw| Ok(raw <= limit)).expect("no state is read");
        assert!(found <= limit && found >= limit - limit / U256::from(500), "{found}");
        assert_eq!(largest(U256::from(1_000), |_| Ok(false)).expect("no state is read"), U256::ZERO);
    }
}
