//! Across: tokens to another chain, paid out there by a relayer who is repaid later.

pub mod deployment;
mod abi;
mod route;
mod fill;
mod fee;
mod deposit;

use alloy_sol_types::SolError;

use super::{Built, Desk, Venue, cannot};
use crate::{
    block::Stop,
    evm::Revert,
    plan::{Action, Step},
};
use abi::IErrors;

/// The venue.
pub struct Across;

impl Venue for Across {
    fn slug(&self) -> &'static str {
        "across"
    }

    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop> {
        match &step.action {
            Action::Bridge(bridge) => deposit::build(step, bridge, desk),
            other => Err(cannot(self, other)),
        }
    }

    fn explain(&self, revert: &Revert) -> Option<&'static str> {
        let Revert::Custom(data) = revert else { return None };
        Some(match data.get(..4)?.try_into().ok()? {
            IErrors::InvalidQuoteTimestamp::SELECTOR => "the quote is older than an hour or from the future",
            IErrors::InvalidFillDeadline::SELECTOR => "the time to fill it is too long or has passed",
            IErrors::InvalidExclusiveRelayer::SELECTOR => "an exclusive relayer is missing",
            IErrors::InvalidOutputToken::SELECTOR => "the token that is to arrive is missing",
            IErrors::MsgValueDoesNotMatchInputAmount::SELECTOR => "the native token sent is not the amount",
            IErrors::DepositsArePaused::SELECTOR => "deposits are paused on this chain",
            IErrors::FillsArePaused::SELECTOR => "fills are paused on the destination",
            IErrors::MaxTransferSizeExceeded::SELECTOR => "the amount is larger than one deposit may be",
            IErrors::DisabledRoute::SELECTOR => "this route is switched off",
            _ => return None,
        })
    }
}
