//! Uniswap V3: swaps through SwapRouter02 over the best of its pools.

pub mod deployment;
mod abi;
mod choose;
mod encode;
mod mid_price;
mod quote;
mod route;
mod terms;
mod judge;
mod swap;

pub use encode::Order;
pub use mid_price::MidPrices;
pub use quote::{Fixed, Quote};
pub use route::{Hop, Route, pool_address};

use super::{Built, Desk, Venue, cannot};
use crate::{
    block::Stop,
    evm::Revert,
    plan::{Action, Step},
};

/// The venue.
pub struct UniswapV3;

impl Venue for UniswapV3 {
    fn slug(&self) -> &'static str {
        "uniswap_v3"
    }

    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop> {
        match &step.action {
            Action::Swap(order) => swap::build(step, order, desk),
            other => Err(cannot(self, other)),
        }
    }

    fn explain(&self, revert: &Revert) -> Option<&'static str> {
        let Revert::Text(text) = revert else { return None };
        Some(match text.as_str() {
            "Too little received" => "the price moved and less than the minimum would arrive",
            "Too much requested" => "the price moved and more than the maximum would be paid",
            "Transaction too old" => "the deadline has passed",
            "STF" => "the token could not be taken: balance or approval is missing",
            "ST" => "the token could not be sent out of the pool",
            "STE" => "the receiver does not accept the native token",
            "Insufficient WETH9" => "less came out than the minimum",
            "SPL" => "the price limit is already crossed",
            "AS" => "the amount is zero",
            "LOK" => "the pool is not initialised",
            "IIA" => "the pool was paid too little, as happens with tokens that charge for transfers",
            _ => return None,
        })
    }
}
