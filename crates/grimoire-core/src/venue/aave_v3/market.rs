//! What every action of the market has in common: approvals, rates before and after, the loans it touches.

use alloy_primitives::Address;
use serde_json::{Map, Value};

use super::reserve::{Rates, Reserve};
use crate::{
    block::Stop,
    rate::Apy,
    venue::{Built, Desk, Fact, Safety, erc20::Approval},
};

/// The approval of the asset for a contract of the market.
pub(super) fn approval(desk: &Desk<'_>, reserve: &Reserve, spender: Address) -> Approval {
    Approval {
        at: reserve.asset,
        symbol: reserve.lent.symbol.clone(),
        spender,
        name: desk.venue.name().to_owned(),
    }
}

/// An action whose calls have run: what it does to the account's loans.
pub(super) fn built(
    desk: &mut Desk<'_>,
    title: String,
    before: Safety,
    after: Safety,
    reserve: &Reserve,
) -> Result<Built, Stop> {
    let mut details = Map::new();
    details.insert("asset".into(), Value::String(reserve.lent.symbol.clone()));
    before.details(after, &mut details);
    Ok(Built {
        calls: std::mem::take(&mut desk.calls),
        title,
        health: Some(before.health(after)),
        warnings: before.warnings(after),
        facts: before.facts(after),
        details,
        ..Built::default()
    })
}

/// A rate before the action and after it.
pub(super) fn rate_facts(
    desk: &mut Desk<'_>,
    reserve: &Reserve,
    label: &'static str,
    which: impl Fn(Rates) -> Apy,
    before: Rates,
    details: &mut Map<String, Value>,
) -> Result<Vec<Fact>, Stop> {
    let (before, after) = (which(before), which(reserve.rates(desk)?));
    details.insert("apy_before".into(), before.to_string().into());
    details.insert("apy_after".into(), after.to_string().into());
    Ok(vec![Fact { label, value: Apy::change(before, after) }])
}
