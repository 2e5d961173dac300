//! Taking back what was lent, from as many markets as it takes, or collateral; everything by shares, so nothing is left.

use alloy_primitives::{Address, U256};
use grimoire_registry::Token;

use super::{
    abi::IMorpho,
    action::{balance, built, rates, show_rate},
    loan::safety,
    market::Market,
    place::{Held, held, held_in},
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Call, Revert},
    plan::{Lend, Output},
    venue::{Built, Desk, Effect, Fact, PositionKind, wrapped},
};

/// Builds a withdrawal and runs its calls.
pub(super) fn build(withdrawal: &Lend, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, sender, venue) = (withdrawal.token, desk.signer.address, desk.venue.name());
    let symbol = &token.symbol;
    let asset = held(desk, token);
    let lent =
        held_in(desk, sender, |m| m.loan.symbol == asset.symbol, |h| h.totals.supplied(&h.position).raw)?;
    let locked = held_in(
        desk,
        sender,
        |m| m.collateral.symbol == asset.symbol,
        |h| U256::from(h.position.collateral),
    )?;
    match (lent.is_empty(), locked.is_empty()) {
        (true, true) => {
            let message = format!("The wallet has no {symbol} on {venue}.");
            Err(Blocked::new("no_position", message).into())
        }
        (false, false) => {
            let message = format!(
                "The wallet has {symbol} on {venue} both lent and locked as collateral, and the plan does not say which is meant."
            );
            Err(Blocked::new("ambiguous_position", message).into())
        }
        (false, true) => take_back(withdrawal, &lent, desk),
        (true, false) => unlock(withdrawal, &locked, desk),
    }
}

/// Takes back what was lent: from the largest position first.
fn take_back(withdrawal: &Lend, lent: &[Held], desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, sender, venue) = (withdrawal.token, desk.signer.address, desk.venue.name());
    let symbol = &token.symbol;
    let zero = Amount::new(U256::ZERO, token.decimals);
    let add = |sum: Amount, raw: U256| Amount { raw: sum.raw.saturating_add(raw), ..sum };
    let whole = lent.iter().fold(zero, |sum, h| add(sum, h.totals.supplied(&h.position).raw));
    let at_hand = |h: &Held| h.totals.supplied(&h.position).raw.min(h.totals.liquidity().raw);
    let liquid = lent.iter().fold(zero, |sum, h| add(sum, at_hand(h)));
    let amount = desk.resolver().of_position(&withdrawal.amount, token, whole)?;
    if amount.raw > whole.raw {
        let why = format!("The wallet has lent {whole} {symbol} on {venue}.");
        return Err(Blocked::beyond("insufficient_position", &why, Some(whole), symbol).into());
    }
    if amount.raw > liquid.raw {
        let why = format!("Only {liquid} {symbol} of it are at hand: the rest is lent out.");
        return Err(Blocked::beyond("insufficient_liquidity", &why, Some(liquid), symbol).into());
    }
    let first = lent[0].totals.market;
    let rate = rates(desk, &first)?;
    let before = balance(desk, held(desk, token), sender)?;
    let mut left = amount.raw;
    let mut effects = Vec::new();
    let mut rounding: u8 = 0;
    let mut used = Vec::new();
    for position in lent {
        let part = left.min(at_hand(position));
        if part.is_zero() {
            continue;
        }
        left -= part;
        let market = position.totals.market;
        let all = part == position.totals.supplied(&position.position).raw;
        let shown = Amount { raw: part, ..amount };
        let title = format!("Withdraw {shown} {} from {venue} ({})", market.loan.symbol, market.name());
        let (assets, shares) =
            if all { (U256::ZERO, position.position.supplyShares) } else { (part, U256::ZERO) };
        desk.run(withdraw(&market, assets, shares, sender, title))?;
        if all {
            rounding = rounding.saturating_add(2);
        }
        effects.push(Effect::shrinks(desk.chain(), sender, market.position(PositionKind::Supplied), part));
        used.push(market.name());
    }
    let received = balance(desk, held(desk, token), sender)?.raw.saturating_sub(before.raw);
    let received = Amount { raw: received, ..amount };
    give(desk, token, received)?;
    let title = format!("Withdraw {received} {symbol} from {venue}");
    let mut built = built(desk, title, &first, None)?;
    built.facts[0] =
        Fact { label: if used.len() > 1 { "Markets" } else { "Market" }, value: used.join(", ") };
    show_rate(desk, &mut built, &first, "Supply APY", |r| r.supply, rate)?;
    let gain = Effect::gain(desk.chain(), sender, token, amount.raw);
    effects.insert(0, Effect { rounding, ..gain });
    built.effects = effects;
    built.output =
        Some(Output { chain: desk.chain(), token, amount: received, taken: U256::ZERO, paid: U256::ZERO });
    Ok(built)
}

/// Takes back collateral, as far as the loan stays covered.
fn unlock(withdrawal: &Lend, locked: &[Held], desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, sender, venue) = (withdrawal.token, desk.signer.address, desk.venue.name());
    let symbol = &token.symbol;
    let [position] = locked else {
        let names: Vec<String> = locked.iter().map(|h| h.totals.market.name()).collect();
        let message = format!("The wallet has {symbol} locked in several markets: {}.", names.join(", "));
        return Err(Blocked::new("ambiguous_position", message).into());
    };
    let market = position.totals.market;
    let whole = Amount::new(U256::from(position.position.collateral), token.decimals);
    let amount = desk.resolver().of_position(&withdrawal.amount, token, whole)?;
    if amount.raw > whole.raw {
        let why = format!("The wallet has locked {whole} {symbol} on {venue}.");
        return Err(Blocked::beyond("insufficient_position", &why, Some(whole), symbol).into());
    }
    let before = safety(desk, &market, sender)?;
    let title = format!("Withdraw {amount} {symbol} of collateral from {venue}");
    let call = |raw: U256| {
        let call = IMorpho::withdrawCollateralCall {
            params: market.params(),
            assets: raw,
            onBehalf: sender,
            receiver: sender,
        };
        Call::new(market.morpho, &call, title.clone())
    };
    if let Some(Revert::Text(text)) = desk.refusal(&call(amount.raw))?
        && text == "insufficient collateral"
    {
        let why = format!("Withdrawing {amount} {symbol} is refused: the loan would not be covered.");
        let most = desk.largest(amount, call)?;
        return Err(Blocked::beyond("health_factor_too_low", &why, most, symbol).into());
    }
    desk.run(call(amount.raw))?;
    give(desk, token, amount)?;
    let after = safety(desk, &market, sender)?;
    let mut built = built(desk, title, &market, Some((before, after)))?;
    built.effects = vec![
        Effect::gain(desk.chain(), sender, token, amount.raw),
        Effect::shrinks(desk.chain(), sender, market.position(PositionKind::Collateral), amount.raw),
    ];
    built.output = Some(Output { chain: desk.chain(), token, amount, taken: U256::ZERO, paid: U256::ZERO });
    Ok(built)
}

/// The native token is taken out of its wrapped form.
fn give(desk: &mut Desk<'_>, token: &'static Token, amount: Amount) -> Result<(), Stop> {
    if token.is_native() { wrapped::unwrap(desk, amount) } else { Ok(()) }
}

fn withdraw(market: &Market, assets: U256, shares: U256, sender: Address, title: String) -> Call {
    let call =
        IMorpho::withdrawCall { params: market.params(), assets, shares, onBehalf: sender, receiver: sender };
    Call::new(market.morpho, &call, title)
}
