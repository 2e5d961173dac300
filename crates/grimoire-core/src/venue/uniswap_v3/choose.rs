//! The best of all routes: the most out, or the least in, gas counted where it can be priced.

use alloy_primitives::{Address, U256};
use grimoire_registry::{REGISTRY, Token};

use super::{
    mid_price::MidPrices,
    quote::{Fixed, Quote},
    route::Route,
};
use crate::{
    amount::{Amount, percent},
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

impl Pair {
    /// The token whose amount is fixed, and that amount.
    fn side(self, fixed: Fixed) -> (&'static Token, U256) {
        match fixed {
            Fixed::In(raw) => (self.token_in, raw),
            Fixed::Out(raw) => (self.token_out, raw),
        }
    }

    /// The token in which routes are compared: the side that is not fixed.
    const fn counted(self, fixed: Fixed) -> &'static Token {
        match fixed {
            Fixed::In(_) => self.token_out,
            Fixed::Out(_) => self.token_in,
        }
    }
}

/// Takes the best of all routes. Every route that could be the best is executed; the others cannot reach it even at
/// their prices before the trade.
///
/// # Errors
/// When there is no route, or none can fill the trade; or the state cannot be read.
pub(super) fn best(
    desk: &mut Desk<'_>,
    quoter: Address,
    pair: Pair,
    fixed: Fixed,
    mids: &mut MidPrices,
) -> Result<Quote, Stop> {
    let machine = &mut desk.site.machine;
    let mut routes = Vec::new();
    for route in Route::find(machine, pair.from, pair.to)? {
        if let Some(bound) = mids.bound(machine, &route, fixed)? {
            routes.push((fixed.score(bound), route));
        }
    }
    // Stable: among equals the first found comes first, so the choice never depends on chance.
    routes.sort_by(|(a, _), (b, _)| b.cmp(a));
    let rate = GasRate::of(desk, pair.counted(fixed))?;
    let mut best: Option<(U256, Quote)> = None;
    for (bound, route) in &routes {
        if best.as_ref().is_some_and(|(top, _)| bound <= top) {
            break;
        }
        let Some(quote) = Quote::of(&mut desk.site.machine, quoter, route, fixed)? else { continue };
        let gas = rate.map_or(U256::ZERO, |r| r.cost(quote.gas));
        let score = match fixed {
            Fixed::In(_) => fixed.score(quote.amount_out).saturating_sub(gas),
            Fixed::Out(_) => fixed.score(quote.amount_in.saturating_add(gas)),
        };
        if best.as_ref().is_none_or(|(top, _)| score > *top) {
            best = Some((score, quote));
        }
    }
    match best {
        Some((_, quote)) => Ok(quote),
        None if routes.is_empty() => Err(no_route(desk, pair)),
        None => Err(cannot_fill(desk, quoter, pair, fixed)?),
    }
}

/// What gas costs in the token that is compared.
#[derive(Clone, Copy)]
struct GasRate {
    tokens_per_mega_gas: U256,
}

impl GasRate {
    fn of(desk: &mut Desk<'_>, token: &'static Token) -> Result<Option<Self>, Stop> {
        let machine = &mut desk.site.machine;
        let native = REGISTRY.native(machine.chain());
        let wei = U256::from(Fee::of(machine.block()).effective) * U256::from(1_000_000);
        let Some(native_price) = desk.site.prices.of(machine, native)? else { return Ok(None) };
        let Some(price) = desk.site.prices.of(machine, token)? else { return Ok(None) };
        let usd = native_price.value(Amount::new(wei, native.decimals));
        let micros = Amount::new(usd.micros().saturating_to(), 6);
        Ok(price.amount(micros, token.decimals).map(|a| Self { tokens_per_mega_gas: a.raw }))
    }

    fn cost(self, gas: u64) -> U256 {
        self.tokens_per_mega_gas.saturating_mul(U256::from(gas)) / U256::from(1_000_000)
    }
}

fn no_route(desk: &Desk<'_>, pair: Pair) -> Stop {
    let chain = &REGISTRY.chain(desk.site.machine.chain()).name;
    let message = format!(
        "{} has no pool on {chain} that leads from {} to {}. Another token may work.",
        desk.venue.name(),
        pair.token_in.symbol,
        pair.token_out.symbol
    );
    Blocked::new("no_route", message).into()
}

/// No pool goes that far: says so, and what would pass.
fn cannot_fill(desk: &mut Desk<'_>, quoter: Address, pair: Pair, fixed: Fixed) -> Result<Stop, Stop> {
    let (token, raw) = pair.side(fixed);
    let wanted = Amount::new(raw, token.decimals);
    let most = most_that_passes(desk, quoter, pair, fixed)?;
    let mut message =
        format!("The pools of {} cannot fill a trade of {wanted} {}.", desk.venue.name(), token.symbol);
    if let Some(most) = &most {
        message.push_str(&format!(" At most {most} would pass."));
    } else {
        message.push_str(" It is too small to give anything, or they are empty.");
    }
    Ok(Blocked { code: "insufficient_liquidity", message, at_most: most }.into())
}

/// The trade moves the price too far: says how far, and what would pass.
pub(super) fn too_much_impact(
    desk: &mut Desk<'_>,
    quoter: Address,
    pair: Pair,
    fixed: Fixed,
    impact_ppm: u32,
) -> Result<Stop, Stop> {
    let most = most_that_passes(desk, quoter, pair, fixed)?;
    let cap = percent(desk.terms.max_impact_ppm);
    let mut message = format!("The price impact would be {}; at most {cap} is allowed.", percent(impact_ppm));
    if let Some(most) = &most {
        message.push_str(&format!(" At most {most} would pass."));
    }
    Ok(Blocked { code: "price_impact_too_high", message, at_most: most }.into())
}

/// The largest amount of the fixed side, to three digits, whose price impact is allowed; none when even little is not.
fn most_that_passes(
    desk: &mut Desk<'_>,
    quoter: Address,
    pair: Pair,
    fixed: Fixed,
) -> Result<Option<String>, Stop> {
    let routes = Route::find(&mut desk.site.machine, pair.from, pair.to)?;
    let cap = desk.terms.max_impact_ppm;
    let machine = &mut desk.site.machine;
    let mut mids = MidPrices::default();
    let mut passes = |route: &Route, raw: U256| -> Result<bool, Stop> {
        let quote = Quote::of(machine, quoter, route, fixed.with(raw))?;
        quote.map_or(Ok(false), |q| Ok(mids.impact_ppm(machine, &q)? <= cap))
    };
    let (token, refused) = pair.side(fixed);
    let mut most = U256::ZERO;
    for route in &routes {
        // Only a route that beats the best so far is worth a search.
        let next = most + most / U256::from(100) + U256::ONE;
        if most.is_zero() || passes(route, next)? {
            most = most.max(largest(most, refused, |raw| passes(route, raw))?);
        }
    }
    let most = Amount::new(most, token.decimals).rounded(3);
    Ok((!most.raw.is_zero()).then(|| format!("{most} {}", token.symbol)))
}

/// The largest amount between one that is known to pass and one that does not, to about one part in a thousand.
///
/// Climbs from below: a trade that empties a pool is far dearer to compute than one that fits.
fn largest(
    known: U256,
    refused: U256,
    mut passes: impl FnMut(U256) -> Result<bool, Stop>,
) -> Result<U256, Stop> {
    let (mut low, mut high) = (known, refused);
    let mut trial = known.max(U256::ONE);
    while trial < refused {
        if passes(trial)? {
            low = trial;
        } else if !low.is_zero() {
            high = trial;
            break;
        }
        // Amounts too small to give anything fail as well: they are climbed over.
        trial = trial.saturating_mul(U256::from(16));
    }
    while !low.is_zero() && high - low > low / U256::from(1_000) && high - low > U256::ONE {
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
        let wei = |n: u64| U256::from(n);
        let refused = wei(10).pow(wei(18));
        let limit = wei(123_456_789);
        let found = largest(U256::ZERO, refused, |raw| Ok(raw <= limit && raw > wei(1_000)))
            .expect("no state is read");
        assert!(found <= limit && found >= limit - limit / wei(500), "{found}");
        assert_eq!(largest(U256::ZERO, wei(1_000), |_| Ok(false)).expect("no state is read"), U256::ZERO);
        assert_eq!(largest(wei(5), wei(6), |_| Ok(false)).expect("no state is read"), wei(5));
    }
}
