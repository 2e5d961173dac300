//! Supplying: the asset goes to the pool, an interest-bearing claim comes back.

use super::{
    abi::{IGateway, IPool},
    account::safety,
    market::{approval, built, rate_facts},
    reserve::Reserve,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::Call,
    plan::Lend,
    venue::{Built, Desk, Effect, Fact, PositionKind},
};

/// Builds a deposit and runs its calls.
pub(super) fn build(deposit: &Lend, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, venue) = (deposit.token, desk.venue.name());
    let reserve = Reserve::of(desk, token)?;
    let flags = reserve.flags(desk)?.open(&reserve, venue)?.not_frozen(&reserve, venue)?;
    if deposit.as_collateral && flags.ltv_bps.is_zero() {
        let message = format!("{} cannot serve as collateral on {venue}.", token.symbol);
        return Err(Blocked::new("not_collateral", message).into());
    }
    let amount = desk.resolver().pay(&deposit.amount, token)?;
    desk.must_hold(token, amount, true)?;
    if let Some(room) = reserve.supply_room(desk)?.filter(|room| room.raw < amount.raw) {
        let why = format!("The supply cap of {} on {venue} is nearly reached.", token.symbol);
        return Err(Blocked::beyond("supply_cap", &why, Some(room), &token.symbol).into());
    }
    let sender = desk.signer.address;
    let (rates, account) = (reserve.rates(desk)?, safety(desk, reserve.deployment, sender)?);
    let title = format!("Deposit {amount} {} into {venue}", token.symbol);
    let spenders = supply(desk, &reserve, amount, &title)?;
    if deposit.as_collateral && !reserve.is_collateral(desk, sender)? {
        let on = IPool::setUserUseReserveAsCollateralCall { asset: reserve.asset, useAsCollateral: true };
        desk.run(Call::new(reserve.deployment.pool, &on, format!("Use {} as collateral", token.symbol)))?;
    }
    let after = safety(desk, reserve.deployment, sender)?;
    let mut built = built(desk, title, account, after, &reserve)?;
    built.effects = vec![
        Effect::loss(desk.chain(), sender, token, amount.raw),
        Effect::grows(desk.chain(), sender, reserve.position(PositionKind::Supplied), amount.raw),
    ];
    built.spenders = spenders;
    let mut facts = rate_facts(desk, &reserve, "Supply APY", |r| r.supply, rates, &mut built.details)?;
    let collateral = if reserve.is_collateral(desk, sender)? { "yes" } else { "no" };
    facts.push(Fact { label: "Counts as collateral", value: collateral.into() });
    facts.append(&mut built.facts);
    built.facts = facts;
    Ok(built)
}

/// The calls of a deposit; gives back the approvals.
pub(super) fn supply(
    desk: &mut Desk<'_>,
    reserve: &Reserve,
    amount: Amount,
    title: &str,
) -> Result<Vec<(alloy_primitives::Address, alloy_primitives::Address)>, Stop> {
    let (pool, sender) = (reserve.deployment.pool, desk.signer.address);
    if reserve.token.is_native() {
        let call = IGateway::depositETHCall { pool, onBehalfOf: sender, referralCode: 0 };
        let call = Call::new(reserve.deployment.gateway, &call, title.to_owned()).with_value(amount.raw);
        desk.run(call)?;
        return Ok(Vec::new());
    }
    let approval = approval(desk, reserve, pool);
    approval.give(desk, amount)?;
    let call =
        IPool::supplyCall { asset: reserve.asset, amount: amount.raw, onBehalfOf: sender, referralCode: 0 };
    desk.run(Call::new(pool, &call, title.to_owned()))?;
    Ok(vec![approval.pair()])
}
