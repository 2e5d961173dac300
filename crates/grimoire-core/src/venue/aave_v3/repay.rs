//! Repaying a debt; all of it leaves none of the interest that comes until the transaction is included.

use alloy_primitives::{Address, U256};

use super::{
    abi::{IGateway, IOldGateway, IPool, VARIABLE},
    account::safety,
    market::{approval, built},
    reserve::Reserve,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::Call,
    plan::Lend,
    rate::until_included,
    venue::{Built, Desk, Effect, Fact, PositionKind},
};

/// Builds a repayment and runs its calls.
pub(super) fn build(repayment: &Lend, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, venue, sender) = (repayment.token, desk.venue.name(), desk.signer.address);
    let reserve = Reserve::of(desk, token)?;
    reserve.flags(desk)?.open(&reserve, venue)?;
    let debt = reserve.owed(desk, sender)?;
    if debt.raw.is_zero() {
        let message = format!("The wallet owes no {} on {venue}.", token.symbol);
        return Err(Blocked::new("no_debt", message).into());
    }
    let amount = desk.resolver().of_position(&repayment.amount, token, debt)?;
    if amount.raw > debt.raw {
        let why = format!("The debt is {debt} {} on {venue}.", token.symbol);
        return Err(Blocked::beyond("more_than_owed", &why, Some(debt), &token.symbol).into());
    }
    let all = amount.raw == debt.raw;
    // The debt grows until the transaction is included.
    desk.must_hold(token, if all { until_included(amount) } else { amount }, true)?;
    let account = safety(desk, reserve.deployment, sender)?;
    let shown = if all { format!("all {amount}") } else { amount.to_string() };
    let title = format!("Repay {shown} {} to {venue}", token.symbol);
    let spenders = repay(desk, &reserve, amount, all, &title)?;
    let after = safety(desk, reserve.deployment, sender)?;
    let left = reserve.owed(desk, sender)?;
    let mut built = built(desk, title, account, after, &reserve)?;
    built.effects = vec![
        Effect::loss(desk.chain(), sender, token, amount.raw),
        Effect::shrinks(desk.chain(), sender, reserve.position(PositionKind::Debt), amount.raw),
    ];
    built.spenders = spenders;
    built.facts.insert(0, Fact { label: "Debt left", value: format!("{left} {}", token.symbol) });
    built.details.insert("debt_left".into(), left.to_string().into());
    Ok(built)
}

/// Runs the calls; gives back the approvals.
fn repay(
    desk: &mut Desk<'_>,
    reserve: &Reserve,
    amount: Amount,
    all: bool,
    title: &str,
) -> Result<Vec<(Address, Address)>, Stop> {
    let (pool, sender) = (reserve.deployment.pool, desk.signer.address);
    let raw = if all { U256::MAX } else { amount.raw };
    if reserve.token.is_native() {
        return native(desk, reserve, amount, all, title);
    }
    let approval = approval(desk, reserve, pool);
    let given = approval.give(desk, if all { until_included(amount) } else { amount })?;
    let call = IPool::repayCall {
        asset: reserve.asset,
        amount: raw,
        interestRateMode: U256::from(VARIABLE),
        onBehalfOf: sender,
    };
    desk.run(Call::new(pool, &call, title.to_owned()))?;
    if given && all {
        approval.take_back(desk)?;
    }
    Ok(vec![approval.pair()])
}

/// Through the gateway, which sends back what was too much; its function has an argument less since 3.2.
fn native(
    desk: &mut Desk<'_>,
    reserve: &Reserve,
    amount: Amount,
    all: bool,
    title: &str,
) -> Result<Vec<(Address, Address)>, Stop> {
    let (pool, gateway, sender) = (reserve.deployment.pool, reserve.deployment.gateway, desk.signer.address);
    let raw = if all { U256::MAX } else { amount.raw };
    let sent = if all { until_included(amount) } else { amount };
    desk.must_hold(reserve.token, sent, true)?;
    let new = IGateway::repayETHCall { pool, amount: raw, onBehalfOf: sender };
    let new = Call::new(gateway, &new, title.to_owned()).with_value(sent.raw);
    if !desk.would_revert(&new)? {
        return desk.run(new).map(|_| Vec::new());
    }
    let old =
        IOldGateway::repayETHCall { pool, amount: raw, rateMode: U256::from(VARIABLE), onBehalfOf: sender };
    desk.run(Call::new(gateway, &old, title.to_owned()).with_value(sent.raw)).map(|_| Vec::new())
}
