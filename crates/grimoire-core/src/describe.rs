//! Results as a preview: the plan in canonical form, sentences, figures.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, keccak256};
use grimoire_lang::{Intent, Role, Source};
use grimoire_registry::{REGISTRY, Token};
use serde_json::{Map, Value};

use crate::{
    amount::{Amount, percent},
    evm::{Fee, Machine, Snapshot, StateError},
    preview::{
        ActionPlan, BalanceChange, BlockRef, Fees, PlannedAction, Provenance, Simulation, Status, Step,
        Transaction, Trigger,
    },
    price::{Prices, Usd},
    simulate::{Change, Executed, Outgoing},
    venue::Built,
};

/// The plan as the language gave it.
#[must_use]
pub fn action_plan(intent: &Intent) -> ActionPlan {
    let chain = intent.actions.first().and_then(|a| a.get(Role::Chain)).unwrap_or_default().to_owned();
    let action = |a: &grimoire_lang::Action| PlannedAction {
        kind: a.kind.as_str().into(),
        venue: a.get(Role::Venue).map(Into::into),
        chain: a.get(Role::Chain).filter(|c| *c != chain).map(Into::into),
        params: params(a),
    };
    ActionPlan {
        actions: intent.actions.iter().map(action).collect(),
        chain: chain.clone(),
        trigger: Trigger::Manual,
    }
}

fn params(action: &grimoire_lang::Action) -> Map<String, Value> {
    let own = action.values.iter().filter(|(role, _)| !matches!(role, Role::Chain | Role::Venue));
    own.map(|(role, s)| (role.as_str().to_owned(), Value::String(s.value.clone()))).collect()
}

/// For each value of the plan, where it came from.
#[must_use]
pub fn provenance(intent: &Intent) -> BTreeMap<String, Provenance> {
    let mut all = BTreeMap::new();
    for (index, action) in intent.actions.iter().enumerate() {
        for (role, sourced) in &action.values {
            let key = match role {
                Role::Chain | Role::Venue => format!("actions[{index}].{role}"),
                _ => format!("actions[{index}].params.{role}"),
            };
            all.insert(key, source(&sourced.source));
        }
    }
    all
}

fn source(source: &Source) -> Provenance {
    let given = |name: &str| Provenance::Given { source: name.into() };
    match source {
        Source::Words(spans) => match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => {
                Provenance::Words { turn: first.turn, start: first.start, end: last.end }
            }
            _ => given("words"),
        },
        Source::Answer { .. } => given("answer"),
        Source::Context => given("context"),
        Source::Rule { name, .. } => given(name),
    }
}

/// One sentence for all actions.
#[must_use]
pub fn summary(titles: &[String]) -> String {
    let mut summary = String::new();
    for (index, title) in titles.iter().enumerate() {
        if index == 0 {
            summary.push_str(title);
        } else {
            summary.push_str(", then ");
            let mut letters = title.chars();
            summary.extend(letters.next().map(|c| c.to_ascii_lowercase()));
            summary.push_str(letters.as_str());
        }
    }
    summary
}

/// The plan in words where it was never built: what was asked, in canonical values.
#[must_use]
pub fn asked(intent: &Intent) -> String {
    let sentence = |action: &grimoire_lang::Action| {
        let get = |role| action.get(role).unwrap_or_default();
        let venue = REGISTRY.venue(get(Role::Venue)).map(|v| format!(" via {}", v.name)).unwrap_or_default();
        match action.get(Role::AmountOut) {
            Some(out) => {
                format!("Swap {} to exactly {out} {}{venue}", get(Role::TokenIn), get(Role::TokenOut))
            }
            None => format!(
                "Swap {} {} to {}{venue}",
                get(Role::AmountIn),
                get(Role::TokenIn),
                get(Role::TokenOut)
            ),
        }
    };
    summary(&intent.actions.iter().map(sentence).collect::<Vec<_>>())
}

/// The transactions as they are handed out.
#[must_use]
pub fn transactions(outgoing: &[Outgoing<'_>], fee: Fee, snapshot: &Snapshot) -> Vec<Transaction> {
    let chain_id = REGISTRY.chain(snapshot.chain).chain_id;
    let row = |tx: &Outgoing<'_>| Transaction {
        chain_id,
        to: tx.call.to,
        data: tx.call.data.clone(),
        value: tx.call.value,
        gas_limit: tx.gas_limit,
        max_fee_per_gas: fee.max,
        max_priority_fee_per_gas: fee.tip.min(fee.max),
        action: tx.action,
        title: tx.call.title.clone(),
    };
    outgoing.iter().map(row).collect()
}

/// Keccak-256 of chain, block, sender and transactions: the name of exactly this plan on exactly this state.
#[must_use]
pub fn plan_hash(transactions: &[Transaction], sender: Address, snapshot: &Snapshot) -> B256 {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&REGISTRY.chain(snapshot.chain).chain_id.to_be_bytes());
    bytes.extend_from_slice(snapshot.block.hash.as_slice());
    bytes.extend_from_slice(sender.as_slice());
    for tx in transactions {
        bytes.extend_from_slice(tx.to.as_slice());
        bytes.extend_from_slice(&tx.value.to_be_bytes::<32>());
        bytes.extend_from_slice(&tx.gas_limit.to_be_bytes());
        bytes.extend_from_slice(keccak256(&tx.data).as_slice());
    }
    keccak256(bytes)
}

/// Each action as it was built.
#[must_use]
pub fn steps(built: &[Built]) -> Vec<Step> {
    let row =
        |(action, b): (usize, &Built)| Step { action, title: b.title.clone(), details: b.details.clone() };
    built.iter().enumerate().map(row).collect()
}

/// Price impact and slippage as they are shown: the worst of all trades.
#[must_use]
pub fn trade_figures(built: &[Built]) -> (Option<String>, Option<String>) {
    let trades = || built.iter().filter_map(|b| b.trade);
    let impact = trades().map(|t| t.impact_ppm).max().map(percent);
    (impact, trades().map(|t| t.slippage).max().map(|s| s.to_string()))
}

/// Measured changes with their worth.
///
/// # Errors
/// When the state cannot be read.
pub fn balance_changes(
    changes: &[Change],
    sender: Address,
    machine: &mut Machine,
    prices: &mut Prices,
) -> Result<Vec<BalanceChange>, StateError> {
    let mut rows: Vec<&Change> = changes.iter().collect();
    rows.sort_by_key(|c| (c.account != sender, c.change.is_positive()));
    let mut shown = Vec::with_capacity(rows.len());
    for change in rows {
        shown.push(BalanceChange {
            chain: machine.chain().as_str().into(),
            account: (change.account != sender).then(|| change.account.to_checksum(None)),
            token: change.token.symbol.clone(),
            amount: Amount::signed(change.change, change.token.decimals),
            usd: usd(change, machine, prices)?,
        });
    }
    Ok(shown)
}

fn usd(change: &Change, machine: &mut Machine, prices: &mut Prices) -> Result<Option<String>, StateError> {
    let sign = if change.change.is_negative() { '-' } else { '+' };
    let amount = Amount::new(change.change.unsigned_abs(), change.token.decimals);
    Ok(prices.of(machine, change.token)?.map(|p| format!("{sign}{}", p.value(amount).exact())))
}

/// What execution costs, in gas and dollars; dollars are unknown without a price feed.
///
/// # Errors
/// When the state cannot be read.
pub fn fees(
    executed: &Executed,
    machine: &mut Machine,
    prices: &mut Prices,
) -> Result<(Fees, Option<Usd>), StateError> {
    let native: &Token = REGISTRY.native(machine.chain());
    let wei = U256::from(executed.gas_used) * U256::from(Fee::of(machine.block()).effective);
    let usd = prices.of(machine, native)?.map(|p| p.value(Amount::new(wei, native.decimals)));
    // A layer 2 also charges for its data on layer 1; until that is measured, the whole cost is not known there.
    let has_l1_fee = REGISTRY.chain(machine.chain()).data_fee.is_some();
    let usd = usd.filter(|_| !has_l1_fee);
    let fees = Fees {
        gas_units: Some(executed.gas_used),
        gas_usd: usd.map(Usd::exact),
        l1_data_usd: (!has_l1_fee).then(|| Usd::default().cents()),
    };
    Ok((fees, usd))
}

/// How it was computed.
#[must_use]
pub fn simulation(snapshot: &Snapshot, status: Status, plan_hash: Option<B256>) -> Simulation {
    let block = BlockRef {
        number: snapshot.block.number,
        hash: snapshot.block.hash,
        timestamp: snapshot.block.timestamp,
    };
    Simulation { status, source: snapshot.origin, block, plan_hash }
}
