//! What a stand-in holds when no wallet is given: enough of what the plan pays.

use std::sync::Arc;

use alloy_primitives::{Address, B256, U256, keccak256};
use grimoire_lang::Amount as Said;
use grimoire_registry::Token;
use revm::{Database, database::CacheDB};

use crate::{
    amount::{Amount, ten_to},
    evm::{Machine, Snapshot, StateError},
    plan::{Action, Plan, Side},
    price::Prices,
    token,
};

/// Mappings are declared early in a token: `balanceOf` stands in one of the first slots.
const SLOTS: u64 = 64;

/// The state with a stand-in that can pay what the plan names, where it holds less.
///
/// # Errors
/// When the state cannot be read.
pub fn fund_stand_in(snapshot: &Snapshot, plan: &Plan) -> Result<Snapshot, StateError> {
    let mut funded = snapshot.clone();
    for step in &plan.steps {
        let Action::Swap(swap) = &step.action;
        let token = swap.token_in;
        let Some(needed) = needed(&funded, &swap.side, token)? else { continue };
        // Several steps may pay in the same token, and gas comes on top.
        let needed = needed.saturating_mul(U256::from(plan.steps.len() + 1));
        let mut machine = Machine::new(&funded);
        if !token::balance(&mut machine, token, funded.stand_in).is_ok_and(|held| held.raw < needed) {
            continue;
        }
        if let Some(state) = with_balance(&funded, token, needed)? {
            funded = state;
        }
    }
    Ok(funded)
}

/// How much of a token a swap pays at most; none when it is a part of what the stand-in holds.
fn needed(snapshot: &Snapshot, side: &Side, token: &'static Token) -> Result<Option<U256>, StateError> {
    Ok(match side {
        Side::ExactIn(Said::Exact(number)) => Amount::of(*number, token.decimals).map(|a| a.raw),
        Side::ExactIn(Said::Usd(usd)) => {
            let price = Prices::default().of(&mut Machine::new(snapshot), token)?;
            let usd = Amount::of(*usd, 18);
            price.zip(usd).and_then(|(p, usd)| p.amount(usd, token.decimals)).map(|a| a.raw)
        }
        Side::ExactIn(_) => None,
        // Not known before the quote: more than any pool takes.
        Side::ExactOut(_) => ten_to(token.decimals.saturating_add(12)),
    })
}

fn with_balance(snapshot: &Snapshot, token: &Token, amount: U256) -> Result<Option<Snapshot>, StateError> {
    let mut db = CacheDB::new(Arc::clone(&snapshot.state));
    match token.address {
        None => {
            let mut info = db.basic(snapshot.stand_in)?.unwrap_or_default();
            info.balance = amount;
            db.insert_account_info(snapshot.stand_in, info);
        }
        Some(at) => {
            let Some(slot) = balance_slot(snapshot, token, at, amount)? else { return Ok(None) };
            db.insert_account_storage(at, slot, amount)?;
        }
    }
    Ok(Some(Snapshot { state: Arc::new(db), ..snapshot.clone() }))
}

/// Finds the storage slot of the stand-in's balance by trying: the slot whose change `balanceOf` reports.
fn balance_slot(
    snapshot: &Snapshot,
    token: &Token,
    at: Address,
    amount: U256,
) -> Result<Option<U256>, StateError> {
    for index in 0..SLOTS {
        let mut key = [0u8; 64];
        key[12..32].copy_from_slice(snapshot.stand_in.as_slice());
        key[32..].copy_from_slice(B256::from(U256::from(index)).as_slice());
        let slot = U256::from_be_bytes(keccak256(key).0);
        let mut db = CacheDB::new(Arc::clone(&snapshot.state));
        db.insert_account_storage(at, slot, amount)?;
        let trial = Snapshot { state: Arc::new(db), ..snapshot.clone() };
        let held = token::balance(&mut Machine::new(&trial), token, snapshot.stand_in);
        if held.is_ok_and(|held| held.raw == amount) {
            return Ok(Some(slot));
        }
    }
    Ok(None)
}
