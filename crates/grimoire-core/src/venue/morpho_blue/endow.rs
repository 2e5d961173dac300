//! A position for a stand-in: something lent for a withdrawal, collateral for a loan, a debt for a repayment.

use alloy_primitives::U256;
use grimoire_lang::Amount as Said;
use grimoire_registry::Token;

use super::{
    action::pay_in,
    borrow,
    deposit::{lend, lock},
    market::Market,
    place::{held, markets, to_lend},
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    gift,
    plan::{Action, Step},
    venue::{
        Desk,
        endow::{self, COVER, twice},
    },
};

/// Gives the stand-in what the step works with.
pub(super) fn endow(step: &Step, desk: &mut Desk<'_>) -> Result<(), Stop> {
    match &step.action {
        Action::Withdraw(w) => {
            let market = to_lend(desk, w.token)?.market;
            let amount = twice(amount(desk, w.token, &w.amount)?);
            own(desk, held(desk, w.token), amount)?;
            let asset = held(desk, w.token);
            pay_in(desk, &market, asset, amount)?;
            let sender = desk.signer.address;
            desk.run(lend(&market, amount, sender, "Lend for a stand-in".into())).map(drop)
        }
        Action::Borrow(b) => {
            let amount = amount(desk, b.token, &b.amount)?;
            // Without collateral the loan itself is refused, with the reason.
            match secure(desk, b.token, b.collateral, amount) {
                Err(Stop::Blocked(_)) => Ok(()),
                other => other.map(drop),
            }
        }
        Action::Repay(r) => {
            let amount = twice(amount(desk, r.token, &r.amount)?);
            let market = secure(desk, r.token, None, amount)?;
            let sender = desk.signer.address;
            desk.run(borrow::call(&market, amount.raw, sender, "Borrow for a stand-in".into())).map(drop)
        }
        _ => Ok(()),
    }
}

fn amount(desk: &mut Desk<'_>, token: &'static Token, said: &Said) -> Result<Amount, Stop> {
    endow::amount(desk, token, said, |desk, usd| {
        let price = desk.site.prices.of(&mut desk.site.machine, token)?;
        let unknown = || Blocked::new("no_price", format!("{} has no price feed.", token.symbol));
        Ok(price.and_then(|p| p.amount(Amount::new(usd, 8), token.decimals)).ok_or_else(unknown)?)
    })
}

fn own(desk: &mut Desk<'_>, token: &'static Token, amount: Amount) -> Result<(), Stop> {
    gift::raise(&mut desk.site.machine, token, desk.signer.address, twice(amount).raw)?;
    Ok(())
}

/// Locks collateral for a loan in the largest market that fits.
fn secure(
    desk: &mut Desk<'_>,
    token: &'static Token,
    named: Option<&'static Token>,
    amount: Amount,
) -> Result<Market, Stop> {
    let (loan, named) = (held(desk, token), named.map(|n| held(desk, n)));
    let fits = |m: &Market| {
        m.loan.symbol == loan.symbol && named.is_none_or(|named| named.symbol == m.collateral.symbol)
    };
    let can = markets(desk, fits)?.into_iter().filter(|t| t.liquidity().raw >= amount.raw);
    let market = can.max_by_key(super::market::Totals::total).map(|t| t.market);
    let none = || Blocked::new("no_collateral", format!("No market lends that much {} there.", token.symbol));
    let market = market.ok_or_else(none)?;
    let cover = amount.raw.saturating_mul(U256::from(COVER));
    let collateral = market.collateral_worth(&mut desk.site.machine, cover)?;
    own(desk, market.collateral, collateral)?;
    pay_in(desk, &market, market.collateral, collateral)?;
    let sender = desk.signer.address;
    desk.run(lock(&market, collateral, sender, "Lock collateral for a stand-in".into()))?;
    Ok(market)
}
