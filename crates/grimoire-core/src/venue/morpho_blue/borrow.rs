//! Borrowing against collateral that is locked in a market.

use alloy_primitives::{Address, U256};

use super::{
    abi::IMorpho,
    action::{built, rates, show_rate},
    loan::safety,
    market::Market,
    place::{Held, held, held_in, markets, no_market},
};
use crate::{
    block::{Blocked, Stop},
    evm::{Call, Revert},
    plan::{Borrow, Output},
    venue::{Built, Desk, Effect, PositionKind, wrapped},
};

/// Builds a loan and runs its calls.
pub(super) fn build(loan: &Borrow, desk: &mut Desk<'_>) -> Result<Built, Stop> {
    let (token, sender, venue) = (loan.token, desk.signer.address, desk.venue.name());
    let symbol = &token.symbol;
    let market = place(loan, desk)?;
    let amount = desk.resolver().pay(&loan.amount, token)?;
    let liquidity = market.now(&mut desk.site.machine)?.map(|totals| totals.liquidity());
    if let Some(liquidity) = liquidity.filter(|l| l.raw < amount.raw) {
        let why = format!("The market {} has only {liquidity} {symbol} left to lend.", market.name());
        return Err(Blocked::beyond("insufficient_liquidity", &why, Some(liquidity), symbol).into());
    }
    let (before, rate) = (safety(desk, &market, sender)?, rates(desk, &market)?);
    let title = format!("Borrow {amount} {symbol} from {venue}");
    let call = |raw: U256| call(&market, raw, sender, title.clone());
    if let Some(Revert::Text(text)) = desk.refusal(&call(amount.raw))?
        && text == "insufficient collateral"
    {
        let why =
            format!("Borrowing {amount} {symbol} is refused: the collateral does not cover that much debt.");
        let most = desk.largest(amount, call)?;
        return Err(Blocked::beyond("insufficient_collateral", &why, most, symbol).into());
    }
    desk.run(call(amount.raw))?;
    if token.is_native() {
        wrapped::unwrap(desk, amount)?;
    }
    let after = safety(desk, &market, sender)?;
    let mut built = built(desk, title, &market, Some((before, after)))?;
    show_rate(desk, &mut built, &market, "Borrow APY", |r| r.borrow, rate)?;
    built.effects = vec![
        Effect::gain(desk.chain(), sender, token, amount.raw),
        Effect::grows(desk.chain(), sender, market.position(PositionKind::Debt), amount.raw),
    ];
    built.output = Some(Output { chain: desk.chain(), token, amount, taken: U256::ZERO, paid: U256::ZERO });
    Ok(built)
}

/// The call of a loan.
pub(super) fn call(market: &Market, raw: U256, sender: Address, title: String) -> Call {
    let call = IMorpho::borrowCall {
        params: market.params(),
        assets: raw,
        shares: U256::ZERO,
        onBehalf: sender,
        receiver: sender,
    };
    Call::new(market.morpho, &call, title)
}

/// The market of the collateral that was named, or the only one where the account has any.
fn place(loan: &Borrow, desk: &mut Desk<'_>) -> Result<Market, Stop> {
    let (wanted, named) = (held(desk, loan.token), loan.collateral.map(|c| held(desk, c)));
    let fits = |m: &Market| {
        m.loan.symbol == wanted.symbol && named.is_none_or(|named| named.symbol == m.collateral.symbol)
    };
    let (symbol, venue, sender) = (&loan.token.symbol, desk.venue.name(), desk.signer.address);
    let secured = held_in(desk, sender, fits, |h: &Held| U256::from(h.position.collateral))?;
    match secured.as_slice() {
        [only] => return Ok(only.totals.market),
        [] => {}
        several => {
            let names: Vec<&str> =
                several.iter().map(|h| h.totals.market.collateral.symbol.as_str()).collect();
            let message = format!(
                "The wallet has collateral for {symbol} in several markets of {venue}. Say against which: {}.",
                names.join(", ")
            );
            return Err(Blocked::new("ambiguous_position", message).into());
        }
    }
    let takes: Vec<String> =
        markets(desk, fits)?.iter().map(|totals| totals.market.collateral.symbol.clone()).collect();
    if takes.is_empty() {
        let against = named.map_or(String::new(), |n| format!(" against {}", n.symbol));
        return Err(no_market(desk, &format!("lends {symbol}{against}")));
    }
    let message = format!(
        "The wallet has no collateral for {symbol} on {venue}. Deposit {} as collateral first, as a step before this one.",
        takes.join(" or ")
    );
    Err(Blocked::new("no_collateral", message).into())
}
