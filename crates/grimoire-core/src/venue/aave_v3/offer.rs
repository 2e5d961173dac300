//! What the market offers for an asset.

use alloy_primitives::U256;
use grimoire_lang::ActionKind;
use grimoire_registry::Token;

use super::reserve::Reserve;
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    venue::{Desk, Offer, offer::there},
};

/// Rates, what is at hand, and what the account has there.
pub(super) fn offer(
    kind: ActionKind,
    token: &'static Token,
    desk: &mut Desk<'_>,
) -> Result<Option<Offer>, Stop> {
    let (venue, user, known) = (desk.venue.name(), desk.signer.address, desk.signer.known);
    let reserve = Reserve::of(desk, token)?;
    let flags = reserve.flags(desk)?.open(&reserve, venue)?;
    let rates = reserve.rates(desk)?;
    let liquidity = Some(reserve.liquidity(desk)?);
    let full = |room: Option<Amount>| room.filter(|room| room.raw == U256::ZERO);
    Ok(match kind {
        ActionKind::Deposit => {
            flags.not_frozen(&reserve, venue)?;
            if let Some(room) = full(reserve.supply_room(desk)?) {
                return Err(Blocked::beyond(
                    "supply_cap",
                    "The supply cap is reached.",
                    Some(room),
                    &token.symbol,
                )
                .into());
            }
            Some(Offer { apy: Some(rates.supply), liquidity, position: None })
        }
        ActionKind::Borrow => {
            flags.not_frozen(&reserve, venue)?.borrowable(&reserve, venue)?;
            if let Some(room) = full(reserve.borrow_room(desk)?) {
                return Err(Blocked::beyond(
                    "borrow_cap",
                    "The borrow cap is reached.",
                    Some(room),
                    &token.symbol,
                )
                .into());
            }
            Some(Offer { apy: Some(rates.borrow), liquidity, position: None })
        }
        ActionKind::Withdraw => {
            let position = if known { Some(reserve.supplied(desk, user)?) } else { None };
            there(position)?;
            Some(Offer { apy: Some(rates.supply), liquidity, position })
        }
        ActionKind::Repay => {
            let position = if known { Some(reserve.owed(desk, user)?) } else { None };
            there(position)?;
            Some(Offer { apy: Some(rates.borrow), liquidity: None, position })
        }
        _ => None,
    })
}
