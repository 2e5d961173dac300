//! Aave V3: supplying, withdrawing, borrowing and repaying in the chain's main market.

pub mod deployment;
mod abi;
mod explain;
mod reserve;
mod account;
mod market;
mod supply;
mod withdraw;
mod borrow;
mod repay;
mod endow;
mod offer;

use alloy_primitives::Address;
use grimoire_lang::ActionKind;
use grimoire_registry::{REGISTRY, Token};

use super::{Built, Desk, Holding, Offer, PositionKind, Venue, cannot};
use crate::{
    block::Stop,
    evm::{Machine, Revert},
    plan::{Action, Step},
    token::IErc20,
};
use deployment::Deployment;

/// The venue.
pub struct AaveV3;

impl Venue for AaveV3 {
    fn slug(&self) -> &'static str {
        "aave_v3"
    }

    fn build(&self, step: &Step, desk: &mut Desk<'_>) -> Result<Built, Stop> {
        match &step.action {
            Action::Deposit(deposit) => supply::build(deposit, desk),
            Action::Withdraw(withdrawal) => withdraw::build(withdrawal, desk),
            Action::Borrow(loan) => borrow::build(loan, desk),
            Action::Repay(repayment) => repay::build(repayment, desk),
            other => Err(cannot(self, other)),
        }
    }

    fn explain(&self, revert: &Revert) -> Option<&'static str> {
        explain::explain(revert)
    }

    /// Claims and debts are tokens of their own: those that were touched are read.
    fn holdings(
        &self,
        machine: &mut Machine,
        owner: Address,
        touched: &[Address],
    ) -> Result<Vec<Holding>, Stop> {
        let chain = machine.chain();
        let mut found = Vec::new();
        for reserve in Deployment::of(chain).into_iter().flat_map(|d| &d.reserves) {
            let Some(token) = REGISTRY.token(chain, &reserve.symbol) else { continue };
            let kinds =
                [(reserve.a_token, PositionKind::Supplied), (reserve.variable_debt, PositionKind::Debt)];
            for (at, kind) in kinds {
                if touched.contains(&at) && machine.has_code(at)? {
                    let amount = machine.view(at, &IErc20::balanceOfCall { owner })?;
                    found.push(Holding { position: reserve::position(kind, token), amount });
                }
            }
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
