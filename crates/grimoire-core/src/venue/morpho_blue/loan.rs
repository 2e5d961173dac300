//! An account's loan in one market.

use alloy_primitives::{Address, U256};

use super::market::{Market, scale};
use crate::{
    amount::{Amount, mul_div},
    block::Stop,
    venue::{Desk, Safety},
};

/// How safe the loan of an account in a market is now.
pub(super) fn safety(desk: &mut Desk<'_>, market: &Market, user: Address) -> Result<Safety, Stop> {
    let machine = &mut desk.site.machine;
    let position = market.shares(machine, user)?;
    let debt = market.now(machine)?.map_or(U256::ZERO, |totals| totals.owed(&position).raw);
    let worth = market.worth(machine, U256::from(position.collateral))?;
    let million = U256::from(1_000_000);
    let covers = mul_div(worth, U256::from(market.lltv_ppm()), million);
    Ok(Safety {
        health: (!debt.is_zero()).then(|| Amount::new(mul_div(covers, scale(18), debt), 18)),
        ltv_ppm: (!worth.is_zero()).then(|| mul_div(debt, million, worth).saturating_to()),
        liquidated_ppm: market.lltv_ppm(),
    })
}
