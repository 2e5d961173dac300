//! What a swap loses, and what a person should know of it.

use alloy_primitives::U512;
use grimoire_lang::{Amount as Said, Take};

use super::{mid_price::MidPrices, quote::Quote};
use crate::{
    amount::{Amount, percent},
    block::{Blocked, Stop, Warning},
    plan::{Side, Slippage, Swap},
    venue::Desk,
};

/// From here on a trade is large for its pools, in millionths.
const LARGE_IMPACT_PPM: u32 = 10_000;
/// From here on slippage invites others to take it, in millionths.
const LARGE_SLIPPAGE_PPM: u32 = 50_000;
/// From here on the loss by the price feeds is told, in millionths.
const LARGE_LOSS_PPM: u32 = 50_000;

/// Price impact: against the mid price now, or before the plan's own earlier steps, whichever is worse. A trade cut
/// into pieces costs no less than the whole.
pub(super) fn impact_ppm(desk: &mut Desk<'_>, mids: &mut MidPrices, quote: &Quote) -> Result<u32, Stop> {
    let now = mids.impact_ppm(&mut desk.site.machine, quote)?;
    let before = MidPrices::default().impact_ppm(&mut desk.site.start, quote)?;
    Ok(now.max(before))
}

/// What a person should know before signing; refused when the price feeds say that too much of the value is lost.
pub(super) fn warnings(
    desk: &mut Desk<'_>,
    swap: &Swap,
    quote: &Quote,
    impact_ppm: u32,
    slippage: Slippage,
) -> Result<Vec<Warning>, Stop> {
    let mut warnings = Vec::new();
    let mut warn = |code, message| warnings.push(Warning { code, message });
    if impact_ppm >= LARGE_IMPACT_PPM {
        let pair = format!("{} to {}", swap.token_in.symbol, swap.token_out.symbol);
        warn(
            "high_price_impact",
            format!("Swapping {pair} is large for its pools: price impact {}.", percent(impact_ppm)),
        );
    }
    if slippage.ppm() > LARGE_SLIPPAGE_PPM {
        warn(
            "high_slippage",
            format!("A slippage of {slippage} lets others take up to that much of the trade."),
        );
    }
    if let Some((lost_ppm, sentence)) = loss(desk, swap, quote)? {
        if lost_ppm > desk.terms.max_impact_ppm {
            return Err(Blocked::new("value_lost", sentence).into());
        }
        if lost_ppm > LARGE_LOSS_PPM {
            warn("value_lost", sentence);
        }
    }
    let whole = |take: &Take| matches!(take, Take::All | Take::Rest | Take::AllBut(_) | Take::AtMost(_));
    if swap.token_in.is_native() && matches!(&swap.side, Side::ExactIn(Said::Balance(take)) if whole(take)) {
        let kept = Amount::new(desk.site.gas_reserve, swap.token_in.decimals);
        warn("gas_kept", format!("Up to {kept} {} stay in the wallet for gas.", swap.token_in.symbol));
    }
    Ok(warnings)
}

/// The part of the value that is lost by the chain's price feeds, in millionths; none when a side has no price.
fn loss(desk: &mut Desk<'_>, swap: &Swap, quote: &Quote) -> Result<Option<(u32, String)>, Stop> {
    let machine = &mut desk.site.machine;
    let price_in = desk.site.prices.of(machine, swap.token_in)?;
    let price_out = desk.site.prices.of(machine, swap.token_out)?;
    let (Some(price_in), Some(price_out)) = (price_in, price_out) else { return Ok(None) };
    let paid = price_in.value(Amount::new(quote.amount_in, swap.token_in.decimals));
    let got = price_out.value(Amount::new(quote.amount_out, swap.token_out.decimals));
    let lost = paid.micros().saturating_sub(got.micros());
    // Below a cent the feeds' rounding says nothing.
    if lost < U512::from(10_000) {
        return Ok(None);
    }
    let ppm = lost.saturating_mul(U512::from(1_000_000)) / paid.micros();
    let sentence = format!(
        "By the chain's price feeds, {} worth ${} are paid for {} worth ${}: {} of the value is lost.",
        swap.token_in.symbol,
        paid.cents(),
        swap.token_out.symbol,
        got.cents(),
        percent(ppm.saturating_to())
    );
    Ok(Some((ppm.saturating_to(), sentence)))
}
