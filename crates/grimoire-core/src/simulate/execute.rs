//! Executes the finished list of transactions exactly as it would be sent, and measures what it did.

use std::collections::BTreeSet;

use alloy_primitives::{Address, I256, U256};
use grimoire_registry::{REGISTRY, Token};

use super::{conform::Change, gas::gas_limit};
use crate::{
    amount::Amount,
    block::{Blocked, Stop, Warning},
    evm::{Call, CallError, Fee, Machine, Snapshot},
    token,
    venue::{Built, Venue, refused},
};

/// A transaction to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// Which action it belongs to, counted from 0.
    pub action: usize,
    /// What it calls.
    pub call: &'a Call,
    /// Gas it may use.
    pub gas_limit: u64,
}

/// What executing the list did.
#[derive(Clone, Debug)]
pub struct Executed {
    /// Gas used, all transactions.
    pub gas_used: u64,
    /// Balance changes of everyone concerned, gas apart, zero ones left out.
    pub changes: Vec<Change>,
    /// Allowances that grew: token, spender.
    pub allowances: Vec<(Address, Address)>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// The transactions of all actions, in order.
///
/// # Errors
/// When one needs more gas than a transaction may have.
pub fn outgoing<'a>(built: &'a [Built], snapshot: &Snapshot) -> Result<Vec<Outgoing<'a>>, Stop> {
    let cap = REGISTRY.chain(snapshot.chain).tx_gas_limit_cap;
    let rows = built.iter().enumerate().flat_map(|(action, b)| b.calls.iter().map(move |c| (action, c)));
    rows.map(|(action, rehearsed)| {
        if rehearsed.gas_needed > cap {
            let message = format!("“{}” needs more gas than one transaction may have.", rehearsed.call.title);
            return Err(Blocked::new("gas_limit_exceeded", message).into());
        }
        Ok(Outgoing { action, call: &rehearsed.call, gas_limit: gas_limit(rehearsed.gas_needed).min(cap) })
    })
    .collect()
}

/// Executes from the untouched state: fees, gas limits, nonces and funds for gas as in a real block.
///
/// # Errors
/// When a transaction fails, in words; or the state cannot be read.
pub fn execute(
    snapshot: &Snapshot,
    sender: Address,
    outgoing: &[Outgoing<'_>],
    fee: Fee,
    built: &[Built],
    venues: &[&dyn Venue],
) -> Result<Executed, Stop> {
    let mut machine = Machine::new(snapshot);
    let contract_wallet = machine.is_contract(sender)?;
    let mut gas_used = 0u64;
    for tx in outgoing {
        let receipt = if contract_wallet {
            machine.rehearse(sender, tx.call)
        } else {
            machine.execute(sender, tx.call, tx.gas_limit, fee)
        };
        match receipt {
            Ok(receipt) => gas_used += receipt.gas_used,
            Err(CallError::CannotPay { needed, balance }) => {
                return Err(no_gas_money(snapshot, needed, balance));
            }
            Err(error) => return Err(refused(&tx.call.title, error, venues[tx.action])),
        }
    }
    let gas_paid =
        if contract_wallet { U256::ZERO } else { U256::from(gas_used) * U256::from(fee.effective) };
    let mut warnings = Vec::new();
    if contract_wallet {
        let message =
            "The wallet is a contract: the transactions must go through it, and its own gas comes on top.";
        warnings.push(Warning { code: "contract_wallet", message: message.into() });
    }
    Ok(Executed {
        gas_used,
        changes: changes(snapshot, &mut machine, sender, built, gas_paid)?,
        allowances: grown_allowances(snapshot, &mut machine, sender, built)?,
        warnings,
    })
}

/// Balances of the sender and of everyone the plan pays, in every listed token that was touched, before and after.
fn changes(
    snapshot: &Snapshot,
    after: &mut Machine,
    sender: Address,
    built: &[Built],
    gas_paid: U256,
) -> Result<Vec<Change>, Stop> {
    let mut before = Machine::new(snapshot);
    let mut accounts = vec![sender];
    for effect in built.iter().flat_map(|b| &b.effects) {
        if !accounts.contains(&effect.account) {
            accounts.push(effect.account);
        }
    }
    let mut tokens: Vec<&'static Token> = vec![REGISTRY.native(snapshot.chain)];
    tokens.extend(after.touched().into_iter().filter_map(|at| REGISTRY.token_at(snapshot.chain, at)));
    let mut changes = Vec::new();
    for account in accounts {
        for &token in &tokens {
            let old = token::balance(&mut before, token, account)?.raw;
            let mut new = token::balance(after, token, account)?.raw;
            if token.is_native() && account == sender {
                new = new.saturating_add(gas_paid);
            }
            // Two's complement: the difference of two balances is exact whichever is larger.
            let change = I256::from_raw(new.wrapping_sub(old));
            if !change.is_zero() {
                changes.push(Change { account, token, change });
            }
        }
    }
    Ok(changes)
}

fn grown_allowances(
    snapshot: &Snapshot,
    after: &mut Machine,
    sender: Address,
    built: &[Built],
) -> Result<Vec<(Address, Address)>, Stop> {
    let mut before = Machine::new(snapshot);
    let pairs: BTreeSet<(Address, Address)> = built.iter().flat_map(|b| b.spenders.iter().copied()).collect();
    let mut grown = Vec::new();
    for (at, spender) in pairs {
        let old = token::allowance(&mut before, at, sender, spender)?;
        if token::allowance(after, at, sender, spender)? > old {
            grown.push((at, spender));
        }
    }
    Ok(grown)
}

fn no_gas_money(snapshot: &Snapshot, needed: U256, balance: U256) -> Stop {
    let native = REGISTRY.native(snapshot.chain);
    let show = |raw| Amount::new(raw, native.decimals).rounded_up(4);
    let message = format!(
        "Value and gas may cost up to {} {symbol}; {} {symbol} are missing in the wallet.",
        show(needed),
        show(needed.saturating_sub(balance)),
        symbol = native.symbol
    );
    Blocked::new("insufficient_gas_funds", message).into()
}
