//! What a stand-in is given to work with at a venue: how much of it, and how well a loan of its is covered.

use alloy_primitives::U256;
use grimoire_lang::Amount as Said;
use grimoire_registry::Token;

use super::Desk;
use crate::{
    amount::{Amount, ten_to},
    block::Stop,
};

/// Dollars assumed for an amount that earlier steps decide.
const UNKNOWN_AMOUNT_USD: u64 = 100_000;

/// Collateral for a loan: so many times its worth.
pub(super) const COVER: u64 = 3;

/// How much a step is about. `worth` says how much of the token so many dollars are, of 8 decimals.
pub(super) fn amount<'a>(
    desk: &mut Desk<'a>,
    token: &'static Token,
    said: &Said,
    worth: impl FnOnce(&mut Desk<'a>, U256) -> Result<Amount, Stop>,
) -> Result<Amount, Stop> {
    match said {
        Said::Exact(_) | Said::Usd(_) => desk.resolver().pay(said, token),
        Said::Balance(_) | Said::Output(..) => {
            worth(desk, U256::from(UNKNOWN_AMOUNT_USD) * ten_to(8).unwrap_or_default())
        }
    }
}

/// Twice as much, so that something is left.
pub(super) fn twice(amount: Amount) -> Amount {
    Amount { raw: amount.raw.saturating_mul(U256::from(2)), ..amount }
}
