//! What the router is told to keep to: the least out, or the most in.

use alloy_primitives::U256;

use super::quote::{Fixed, Quote};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    plan::{Slippage, Step, Swap},
    venue::Desk,
};

/// The terms of a swap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// The least out with a fixed input, the most in with a fixed output.
    pub(super) bound: U256,
    /// The tolerance between the quote and the bound.
    pub(super) slippage: Slippage,
}

impl Terms {
    /// The bound from quote and slippage, tightened by what the person said; refused when the quote is beyond it.
    pub(super) fn of(
        step: &Step,
        swap: &Swap,
        quote: &Quote,
        fixed: Fixed,
        desk: &mut Desk<'_>,
    ) -> Result<Self, Stop> {
        let slippage = step.limits.slippage.unwrap_or(desk.terms.slippage);
        let bound = match fixed {
            Fixed::In(_) => least_out(step, swap, quote, slippage, desk)?,
            Fixed::Out(_) => most_in(step, swap, quote, slippage, desk)?,
        };
        Ok(Self { bound, slippage })
    }
}

fn least_out(
    step: &Step,
    swap: &Swap,
    quote: &Quote,
    slippage: Slippage,
    desk: &mut Desk<'_>,
) -> Result<U256, Stop> {
    // The router reads 0 as “anything will do”.
    let bound = slippage.least(quote.amount_out).max(U256::ONE);
    let Some(limit) = step.limits.min_out else { return Ok(bound) };
    let least = desk.resolver().least(limit, swap.token_out)?;
    if quote.amount_out >= least.raw {
        return Ok(bound.max(least.raw));
    }
    let got = Amount { raw: quote.amount_out, ..least };
    let symbol = &swap.token_out.symbol;
    let message = format!("The swap gives {got} {symbol} now, less than the {least} {symbol} asked for.");
    Err(Blocked::new("below_min_out", message).into())
}

fn most_in(
    step: &Step,
    swap: &Swap,
    quote: &Quote,
    slippage: Slippage,
    desk: &mut Desk<'_>,
) -> Result<U256, Stop> {
    let bound = slippage.most(quote.amount_in);
    let Some(limit) = step.limits.max_in else { return Ok(bound) };
    let most = desk.resolver().most(limit, swap.token_in)?;
    if quote.amount_in <= most.raw {
        return Ok(bound.min(most.raw));
    }
    let paid = Amount { raw: quote.amount_in, ..most };
    let symbol = &swap.token_in.symbol;
    let message = format!("The swap costs {paid} {symbol} now, more than the {most} {symbol} allowed.");
    Err(Blocked::new("above_max_in", message).into())
}
