//! Borrowing against what the account has supplied, at the variable rate.

use alloy_primitives::{Address, U256};

use super::{
    abi::{IPool, VARIABLE},
    account::safety,
    explain::{explain, is_about_safety},
    market::{built, rate_facts},
    reserve::Reserve,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Call, Revert},
    plan::{Borrow, Output},
    venue::{Built, Desk, Effect, PositionKind, wrapped},
};

/// Builds a loan and runs its calls.
pub(super) fn build(loan: &Borrow, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, venue, sender) = (loan.token, desk.venue.name(), desk.signer.address);
    let reserve = Reserve::of(desk, token)?;
    reserve.flags(desk)?.open(&reserve, venue)?.not_frozen(&reserve, venue)?.borrowable(&reserve, venue)?;
    if let Some(collateral) = loan.collateral {
        must_be_collateral(desk, collateral)?;
    }
    let amount = desk.resolver().pay(&loan.amount, token)?;
    if let Some(room) = reserve.borrow_room(desk)?.filter(|room| room.raw < amount.raw) {
        let why = format!("The borrow cap of {} on {venue} is nearly reached.", token.symbol);
        return Err(Blocked::beyond("borrow_cap", &why, Some(room), &token.symbol).into());
    }
    let liquidity = reserve.liquidity(desk)?;
    if amount.raw > liquidity.raw {
        let why = format!("{venue} has only {liquidity} {} left to lend.", token.symbol);
        return Err(Blocked::beyond("insufficient_liquidity", &why, Some(liquidity), &token.symbol).into());
    }
    let (rates, account) = (reserve.rates(desk)?, safety(desk, reserve.deployment, sender)?);
    let title = format!("Borrow {amount} {} from {venue}", token.symbol);
    let order = call(&reserve, sender, amount.raw, &title);
    if let Some(revert) = desk.refusal(&order)?.filter(is_about_safety) {
        return Err(not_covered(desk, &reserve, amount, &revert)?);
    }
    desk.run(order)?;
    if token.is_native() {
        wrapped::unwrap(desk, amount)?;
    }
    let after = safety(desk, reserve.deployment, sender)?;
    let mut built = built(desk, title, account, after, &reserve)?;
    built.effects = vec![
        Effect::gain(desk.chain(), sender, token, amount.raw),
        Effect::grows(desk.chain(), sender, reserve.position(PositionKind::Debt), amount.raw),
    ];
    built.output = Some(Output { chain: desk.chain(), token, amount, taken: U256::ZERO, paid: U256::ZERO });
    let mut facts = rate_facts(desk, &reserve, "Borrow APY", |r| r.borrow, rates, &mut built.details)?;
    facts.append(&mut built.facts);
    built.facts = facts;
    Ok(built)
}

fn call(reserve: &Reserve, sender: Address, raw: U256, title: &str) -> Call {
    let call = IPool::borrowCall {
        asset: reserve.asset,
        amount: raw,
        interestRateMode: U256::from(VARIABLE),
        referralCode: 0,
        onBehalfOf: sender,
    };
    Call::new(reserve.deployment.pool, &call, title.to_owned())
}

/// The collateral that was named must be supplied: supplying it is a step of its own.
fn must_be_collateral(desk: &mut Desk<'_>, token: &'static grimoire_registry::Token) -> Result<(), Stop> {
    let (venue, sender) = (desk.venue.name(), desk.signer.address);
    let reserve = Reserve::of(desk, token)?;
    let symbol = &token.symbol;
    if reserve.supplied(desk, sender)?.raw.is_zero() {
        let message = format!(
            "The wallet has supplied no {symbol} on {venue}. Deposit {symbol} first, as a step before this one."
        );
        return Err(Blocked::new("no_collateral", message).into());
    }
    if !reserve.is_collateral(desk, sender)? {
        let message =
            format!("The {symbol} that the wallet has supplied on {venue} does not count as collateral.");
        return Err(Blocked::new("no_collateral", message).into());
    }
    Ok(())
}

/// The collateral does not suffice: says why, and what would pass.
fn not_covered(
    desk: &mut Desk<'_>,
    reserve: &Reserve,
    amount: Amount,
    revert: &Revert,
) -> Result<Stop, Stop> {
    let sender = desk.signer.address;
    let most = desk.largest(amount, |raw| call(reserve, sender, raw, ""))?;
    let symbol = &reserve.token.symbol;
    let why = explain(revert).unwrap_or("the collateral does not suffice");
    let why = format!("Borrowing {amount} {symbol} is refused: {why}.");
    Ok(Blocked::beyond("insufficient_collateral", &why, most, symbol).into())
}
