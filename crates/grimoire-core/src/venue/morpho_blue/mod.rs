//! Morpho Blue: lending, borrowing and repaying in its listed markets.

pub mod deployment;
mod abi;
mod market;
mod place;
mod loan;
mod action;
mod deposit;
mod withdraw;
mod borrow;
mod repay;
mod endow;
mod offer;

use alloy_primitives::{Address, U256};
use grimoire_lang::ActionKind;
use grimoire_registry::Token;

use super::{Built, Desk, Holding, Offer, PositionKind, Venue, cannot};
use crate::{
    block::Stop,
    evm::{Machine, Revert},
    plan::{Action, Step},
};
use market::Market;

/// The venue.
pub struct MorphoBlue;

impl Venue for MorphoBlue {
    fn slug(&self) -> &'static str {
        "morpho_blue"
    }

    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop> {
        match &step.action {
            Action::Deposit(deposit) => deposit::build(deposit, desk),
            Action::Withdraw(withdrawal) => withdraw::build(withdrawal, desk),
            Action::Borrow(loan) => borrow::build(loan, desk),
            Action::Repay(repayment) => repay::build(repayment, desk),
            other => Err(cannot(self, other)),
        }
    }

    fn explain(&self, revert: &Revert) -> Option<&'static str> {
        Some(match revert {
            Revert::Text(text) => match text.as_str() {
                "insufficient collateral" => "the collateral does not cover that much debt",
                "insufficient liquidity" => "the market has not enough that is not lent out",
                "market not created" => "this market does not exist on this chain",
                "inconsistent input" => "the amount is zero",
                "zero assets" => "the amount is zero",
                "unauthorized" => "the wallet may not act for this position",
                "transferFrom reverted" | "transferFrom returned false" => {
                    "the token could not be taken: balance or approval is missing"
                }
                "transfer reverted" => "the token could not be sent",
                "max uint128 exceeded" => "the amount is too large",
                _ => return None,
            },
            Revert::Panic(0x11) => "that is more than the position",
            _ => return None,
        })
    }

    /// What an account has in every listed market, where the contract was touched at all.
    fn holdings(
        &self,
        machine: &mut Machine,
        owner: Address,
        touched: &[Address],
    ) -> Result<Vec<Holding>, Stop> {
        let mut found = Vec::new();
        for market in Market::all(machine.chain()) {
            if !touched.contains(&market.morpho) || !machine.has_code(market.morpho)? {
                continue;
            }
            let shares = market.shares(machine, owner)?;
            let empty = shares.supplyShares.is_zero() && shares.borrowShares == 0;
            // Interest matters only to those who have something there.
            let totals = if empty { None } else { market.now(machine)? };
            let of = |kind, amount| Holding { position: market.position(kind), amount };
            let (supplied, owed) = totals.map_or((U256::ZERO, U256::ZERO), |t| {
                let owed = if shares.borrowShares == 0 { U256::ZERO } else { t.owed(&shares).raw };
                (t.supplied(&shares).raw, owed)
            });
            found.push(of(PositionKind::Supplied, supplied));
            found.push(of(PositionKind::Debt, owed));
            found.push(of(PositionKind::Collateral, U256::from(shares.collateral)));
        }
        Ok(found)
    }

    fn offer(
        &self,
        kind: ActionKind,
        token: &'static Token,
        desk: &mut Desk<'_>,
    ) -> Result<Option<Offer>, Stop> {
        offer::offer(kind, token, desk)
    }

    fn endow(&self, step: &Step, desk: &mut Desk<'_>) -> Result<(), Stop> {
        endow::endow(step, desk)
    }
}
