//! Which market: a plan names a venue and a token, so the builder chooses among the listed ones by a stated rule, and
//! shows the choice.

use alloy_primitives::Address;
use grimoire_registry::{REGISTRY, Token};

use super::{
    abi::PositionState,
    market::{Market, Totals},
};
use crate::{
    block::{Blocked, Stop},
    venue::Desk,
};

/// A market that is lent out further than this, in millionths, might not pay back at once.
const FULL_PPM: u32 = 970_000;

/// The token that a market holds: the wrapped form of a native one.
pub(super) fn held(desk: &Desk<'_>, token: &'static Token) -> &'static Token {
    if token.is_native() { REGISTRY.wrapped(desk.chain()) } else { token }
}

/// The markets that exist now and fit, with their totals.
pub(super) fn markets(desk: &mut Desk<'_>, fits: impl Fn(&Market) -> bool) -> Result<Vec<Totals>, Stop> {
    let machine = &mut desk.site.machine;
    let mut found = Vec::new();
    for market in Market::all(machine.chain()).into_iter().filter(fits) {
        if machine.has_code(market.morpho)?
            && let Some(totals) = market.now(machine)?
        {
            found.push(totals);
        }
    }
    Ok(found)
}

/// Where to lend: of the markets that can still pay back, the one with the most supplied.
pub(super) fn to_lend(desk: &mut Desk<'_>, token: &'static Token) -> Result<Totals, Stop> {
    let lent = held(desk, token);
    let all = markets(desk, |m| m.loan.symbol == lent.symbol)?;
    let none = all.is_empty();
    let open = all.into_iter().filter(|t| t.utilisation_ppm() <= FULL_PPM && !t.total().is_zero());
    open.max_by_key(Totals::total).ok_or_else(|| match none {
        true => no_market(desk, &format!("lends out {}", token.symbol)),
        false => {
            let message = format!("Every {} market of {} is lent out.", token.symbol, desk.venue.name());
            Blocked::new("insufficient_liquidity", message).into()
        }
    })
}

/// Where to lock collateral: of the markets that lend what is wanted, or anything, the one with the most supplied.
pub(super) fn to_secure(
    desk: &mut Desk<'_>,
    token: &'static Token,
    wanted: Option<&'static Token>,
) -> Result<Market, Stop> {
    let (locked, wanted) = (held(desk, token), wanted.map(|w| held(desk, w)));
    let fits =
        |m: &Market| m.collateral.symbol == locked.symbol && wanted.is_none_or(|w| w.symbol == m.loan.symbol);
    let best = markets(desk, fits)?.into_iter().max_by_key(Totals::total).map(|t| t.market);
    best.ok_or_else(|| no_market(desk, &format!("takes {} as collateral", token.symbol)))
}

/// A market where an account has something, and what.
pub(super) struct Held {
    /// The market.
    pub(super) totals: Totals,
    /// The account's shares and collateral.
    pub(super) position: PositionState,
}

/// The markets that fit and where the account has something, the largest first by `size`.
pub(super) fn held_in(
    desk: &mut Desk<'_>,
    user: Address,
    fits: impl Fn(&Market) -> bool,
    size: impl Fn(&Held) -> alloy_primitives::U256,
) -> Result<Vec<Held>, Stop> {
    let mut found = Vec::new();
    for totals in markets(desk, fits)? {
        let position = totals.market.shares(&mut desk.site.machine, user)?;
        let held = Held { totals, position };
        if !size(&held).is_zero() {
            found.push(held);
        }
    }
    // Stable: among equals the registry's order decides.
    found.sort_by_key(|held| std::cmp::Reverse(size(held)));
    Ok(found)
}

/// No listed market does that.
pub(super) fn no_market(desk: &Desk<'_>, does: &str) -> Stop {
    let place = &REGISTRY.chain(desk.chain()).name;
    let message =
        format!("No listed market of {} on {place} {does}. Another token may work.", desk.venue.name());
    Blocked::new("no_market", message).into()
}
