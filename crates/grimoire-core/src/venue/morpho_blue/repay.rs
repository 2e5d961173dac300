//! Repaying a loan; all of it by shares, so that nothing is left.

use alloy_primitives::{Bytes, U256};

use super::{
    abi::IMorpho,
    action::{balance, built, pay_in},
    loan::safety,
    place::{Held, held, held_in},
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop, Warning},
    evm::Call,
    plan::Lend,
    rate::until_included,
    venue::{Built, Desk, Effect, Fact, PositionKind},
};

/// Builds a repayment and runs its calls.
pub(super) fn build(repayment: &Lend, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, sender, venue) = (repayment.token, desk.signer.address, desk.venue.name());
    let symbol = &token.symbol;
    let owed = held(desk, token);
    let debts = held_in(desk, sender, |m| m.loan.symbol == owed.symbol, |h| h.totals.owed(&h.position).raw)?;
    let Held { totals, position } = match debts.as_slice() {
        [only] => only,
        [] => {
            return Err(Blocked::new("no_debt", format!("The wallet owes no {symbol} on {venue}.")).into());
        }
        several => {
            let names: Vec<String> = several.iter().map(|h| h.totals.market.name()).collect();
            let message =
                format!("The wallet owes {symbol} in several markets of {venue}: {}.", names.join(", "));
            return Err(Blocked::new("ambiguous_position", message).into());
        }
    };
    let market = totals.market;
    let debt = totals.owed(position);
    let amount = desk.resolver().of_position(&repayment.amount, token, debt)?;
    if amount.raw > debt.raw {
        let why = format!("The debt is {debt} {symbol} on {venue}.");
        return Err(Blocked::beyond("more_than_owed", &why, Some(debt), symbol).into());
    }
    let all = amount.raw == debt.raw;
    let offered = if all { until_included(amount) } else { amount };
    desk.must_hold(token, offered, true)?;
    let before = safety(desk, &market, sender)?;
    let wrapped_before = balance(desk, owed, sender)?;
    let shown = if all { format!("all {amount}") } else { amount.to_string() };
    let title = format!("Repay {shown} {symbol} to {venue}");
    let (approval, given) = pay_in(desk, &market, token, offered)?;
    let (assets, shares) =
        if all { (U256::ZERO, U256::from(position.borrowShares)) } else { (amount.raw, U256::ZERO) };
    let call =
        IMorpho::repayCall { params: market.params(), assets, shares, onBehalf: sender, data: Bytes::new() };
    desk.run(Call::new(market.morpho, &call, title.clone()))?;
    if all && given {
        approval.take_back(desk)?;
    }
    let after = safety(desk, &market, sender)?;
    let mut built = built(desk, title, &market, Some((before, after)))?;
    let left = market.shares(&mut desk.site.machine, sender)?;
    let left = market.now(&mut desk.site.machine)?.map_or(debt, |totals| totals.owed(&left));
    built.facts.insert(1, Fact { label: "Debt left", value: format!("{left} {symbol}") });
    built.details.insert("debt_left".into(), left.to_string().into());
    built.effects =
        vec![Effect::shrinks(desk.chain(), sender, market.position(PositionKind::Debt), amount.raw)];
    if token.is_native() {
        built.effects.push(Effect::loss(desk.chain(), sender, token, offered.raw));
        let kept = balance(desk, owed, sender)?.raw.saturating_sub(wrapped_before.raw);
        if !kept.is_zero() {
            built.effects.push(Effect::gain(desk.chain(), sender, owed, kept));
            built.warnings.push(kept_wrapped(Amount { raw: kept, ..amount }, &owed.symbol));
        }
    } else {
        built.effects.push(Effect::loss(desk.chain(), sender, token, amount.raw));
    }
    built.spenders = vec![approval.pair()];
    Ok(built)
}

fn kept_wrapped(amount: Amount, symbol: &str) -> Warning {
    let message = format!(
        "A little more is wrapped than is owed now, for the interest until it is sent: about {} {symbol} stay in the wallet.",
        amount.rounded_up(3)
    );
    Warning { code: "leftover", message }
}
