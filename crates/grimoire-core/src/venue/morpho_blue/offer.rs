//! What the listed markets offer for a token.

use alloy_primitives::U256;
use grimoire_lang::ActionKind;
use grimoire_registry::Token;

use super::{
    market::Totals,
    place::{Held, held, held_in, markets, no_market, to_lend},
};
use crate::{
    amount::Amount,
    block::Stop,
    venue::{Desk, Offer, offer::there},
};

/// Rates, what is at hand, and what the account has there: of the market that would be chosen.
pub(super) fn offer(
    kind: ActionKind,
    token: &'static Token,
    desk: &mut Desk<'_>,
) -> Result<Option<Offer>, Stop> {
    let asset = held(desk, token);
    Ok(Some(match kind {
        ActionKind::Deposit => {
            let totals = to_lend(desk, token)?;
            of(desk, &totals, true, None)?
        }
        ActionKind::Borrow => {
            let lending = markets(desk, |m| m.loan.symbol == asset.symbol)?;
            let best = lending.into_iter().max_by_key(|t| t.liquidity().raw);
            let best = best.ok_or_else(|| no_market(desk, &format!("lends {}", token.symbol)))?;
            of(desk, &best, false, None)?
        }
        ActionKind::Withdraw => position(desk, token, true, |h| h.totals.supplied(&h.position).raw)?,
        ActionKind::Repay => position(desk, token, false, |h| {
            if h.position.borrowShares == 0 { U256::ZERO } else { h.totals.owed(&h.position).raw }
        })?,
        _ => return Ok(None),
    }))
}

fn of(desk: &mut Desk<'_>, totals: &Totals, lends: bool, position: Option<Amount>) -> Result<Offer, Stop> {
    let rates = totals.rates(&mut desk.site.machine)?;
    let apy = if lends { rates.supply } else { rates.borrow };
    Ok(Offer { apy: Some(apy), liquidity: Some(totals.liquidity()), position })
}

/// The largest position of a known account; any market for an unknown one.
fn position(
    desk: &mut Desk<'_>,
    token: &'static Token,
    lends: bool,
    size: impl Fn(&Held) -> U256,
) -> Result<Offer, Stop> {
    if !desk.signer.known {
        return Ok(Offer::default());
    }
    let (asset, user) = (held(desk, token), desk.signer.address);
    let found = held_in(desk, user, |m| m.loan.symbol == asset.symbol, &size)?;
    let all = found.iter().fold(U256::ZERO, |sum, h| sum.saturating_add(size(h)));
    let all = Some(Amount::new(all, token.decimals));
    there(all)?;
    found.first().map_or(Ok(Offer::default()), |first| of(desk, &first.totals, lends, all))
}
