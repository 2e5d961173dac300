//! What every action in a market has in common: approvals, the native token, rates before and after, the loan it touches.

use alloy_primitives::Address;
use grimoire_registry::Token;
use serde_json::{Map, Value};

use super::market::{Market, Rates};
use crate::{
    amount::{Amount, percent},
    block::{Blocked, Stop},
    rate::Apy,
    venue::{Built, Desk, Fact, Safety, erc20::Approval, wrapped},
};

/// Wraps what is native, and approves it for Morpho; says whether an approval had to be given.
pub(super) fn pay_in(
    desk: &mut Desk<'_>,
    market: &Market,
    token: &'static Token,
    amount: Amount,
) -> Result<(Approval, bool), Stop> {
    if token.is_native() {
        wrapped::wrap(desk, amount)?;
    }
    let held = super::place::held(desk, token);
    let approval = Approval {
        at: held.address.unwrap_or_default(),
        symbol: held.symbol.clone(),
        spender: market.morpho,
        name: desk.venue.name().to_owned(),
    };
    let given = approval.give(desk, amount)?;
    Ok((approval, given))
}

/// The rates of a market now.
pub(super) fn rates(desk: &mut Desk<'_>, market: &Market) -> Result<Rates, Stop> {
    let machine = &mut desk.site.machine;
    let totals = market.now(machine)?.ok_or_else(|| gone(market))?;
    totals.rates(machine)
}

/// An action whose calls have run.
pub(super) fn built(
    desk: &mut Desk<'_>,
    title: String,
    market: &Market,
    safety: Option<(Safety, Safety)>,
) -> Result<Built, Stop> {
    let mut details = Map::new();
    let mut set = |key: &str, value: String| details.insert(key.to_owned(), Value::String(value));
    set("market_id", market.id.to_string());
    set("market", market.name());
    let totals = market.now(&mut desk.site.machine)?.ok_or_else(|| gone(market))?;
    set("utilisation", percent(totals.utilisation_ppm()));
    set("liquidity", totals.liquidity().to_string());
    let mut built = Built {
        calls: std::mem::take(&mut desk.calls),
        title,
        facts: vec![Fact { label: "Market", value: market.name() }],
        details,
        ..Built::default()
    };
    if let Some((before, after)) = safety {
        before.details(after, &mut built.details);
        built.facts.extend(before.facts(after));
        built.warnings = before.warnings(after);
        built.health = Some(before.health(after));
    }
    Ok(built)
}

/// Adds a rate before the action and after it.
pub(super) fn show_rate(
    desk: &mut Desk<'_>,
    built: &mut Built,
    market: &Market,
    label: &'static str,
    which: impl Fn(Rates) -> Apy,
    before: Rates,
) -> Result<(), Stop> {
    let (before, after) = (which(before), which(rates(desk, market)?));
    built.details.insert("apy_before".into(), before.to_string().into());
    built.details.insert("apy_after".into(), after.to_string().into());
    built.facts.insert(1, Fact { label, value: Apy::change(before, after) });
    Ok(())
}

/// What an account holds of a token now.
pub(super) fn balance(desk: &mut Desk<'_>, token: &'static Token, owner: Address) -> Result<Amount, Stop> {
    Ok(crate::token::balance(&mut desk.site.machine, token, owner)?)
}

fn gone(market: &Market) -> Stop {
    Blocked::new("no_market", format!("The market {} does not exist.", market.name())).into()
}
