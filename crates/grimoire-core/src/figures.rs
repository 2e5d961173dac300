//! What executing a plan did, in figures for the preview: transactions, changes and their worth, fees.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, keccak256};
use grimoire_registry::{ChainId, REGISTRY, Token};

use crate::{
    amount::{Amount, percent},
    evm::{Fee, Machine, Snapshot, Snapshots, StateError},
    preview::{BalanceChange, BlockRef, ChainBlock, ChainFees, Fees, Simulation, Status, Step, Transaction},
    price::{Price, Prices, Usd},
    simulate::{Change, Executed, Outgoing},
    venue::{Asset, Built},
};

/// The transactions as they are handed out.
#[must_use]
pub fn transactions(outgoing: &[Outgoing<'_>], fees: &BTreeMap<ChainId, Fee>) -> Vec<Transaction> {
    let row = |tx: &Outgoing<'_>| {
        let fee = fees.get(&tx.chain)?;
        Some(Transaction {
            chain_id: REGISTRY.chain(tx.chain).chain_id,
            to: tx.call.to,
            data: tx.call.data.clone(),
            value: tx.call.value,
            gas_limit: tx.gas_limit,
            max_fee_per_gas: fee.max,
            max_priority_fee_per_gas: fee.tip.min(fee.max),
            action: tx.action,
            title: tx.call.title.clone(),
        })
    };
    outgoing.iter().filter_map(row).collect()
}

/// Keccak-256 of chains, blocks, sender and transactions: the name of exactly this plan on exactly this state.
#[must_use]
pub fn plan_hash(transactions: &[Transaction], sender: Address, chains: &[&Snapshot]) -> B256 {
    let mut bytes = Vec::new();
    for snapshot in chains {
        bytes.extend_from_slice(&REGISTRY.chain(snapshot.chain).chain_id.to_be_bytes());
        bytes.extend_from_slice(snapshot.block.hash.as_slice());
    }
    bytes.extend_from_slice(sender.as_slice());
    for tx in transactions {
        bytes.extend_from_slice(&tx.chain_id.to_be_bytes());
        bytes.extend_from_slice(tx.to.as_slice());
        bytes.extend_from_slice(&tx.value.to_be_bytes::<32>());
        bytes.extend_from_slice(&tx.gas_limit.to_be_bytes());
        bytes.extend_from_slice(keccak256(&tx.data).as_slice());
    }
    keccak256(bytes)
}

/// Each action as it was built; what it changes is known after executing.
#[must_use]
pub fn steps(built: &[Built]) -> Vec<Step> {
    let row = |(action, b): (usize, &Built)| Step {
        action,
        title: b.title.clone(),
        facts: b.facts.clone(),
        details: b.details.clone(),
        balance_changes: Vec::new(),
    };
    built.iter().enumerate().map(row).collect()
}

/// Price impact and slippage as they are shown: the worst of all trades.
#[must_use]
pub fn trade_figures(built: &[Built]) -> (Option<String>, Option<String>) {
    let trades = || built.iter().filter_map(|b| b.trade);
    let impact = trades().map(|t| t.impact_ppm).max().map(percent);
    (impact, trades().map(|t| t.slippage).max().map(|s| s.to_string()))
}

/// Measured changes with their worth: chain by chain, the sender's tokens first, what leaves before what arrives.
///
/// # Errors
/// When the state cannot be read.
pub fn balance_changes(
    changes: &[Change],
    sender: Address,
    chains: &[ChainId],
    markets: &mut Markets,
) -> Result<Vec<BalanceChange>, StateError> {
    let mut rows: Vec<&Change> = changes.iter().collect();
    rows.sort_by_key(|c| {
        let chain = chains.iter().position(|&chain| chain == c.chain);
        (chain, c.account != sender, matches!(c.asset, Asset::Position(_)), c.change.is_positive())
    });
    rows.into_iter().map(|change| row(change, sender, markets)).collect()
}

fn row(change: &Change, sender: Address, markets: &mut Markets) -> Result<BalanceChange, StateError> {
    let token = change.asset.token();
    let position = match change.asset {
        Asset::Token(_) => None,
        Asset::Position(position) => Some(position),
    };
    let sign = if change.change.is_negative() { '-' } else { '+' };
    let amount = Amount::new(change.change.unsigned_abs(), token.decimals);
    let price = markets.price(change.chain, token)?;
    Ok(BalanceChange {
        chain: change.chain.as_str().into(),
        account: (change.account != sender).then(|| change.account.to_checksum(None)),
        token: token.symbol.clone(),
        position: position.map(|p| p.kind.as_str()),
        venue: position.map(|p| p.venue),
        market: position.and_then(|p| p.market),
        amount: Amount::signed(change.change, token.decimals),
        usd: price.map(|p| format!("{sign}{}", p.value(amount).exact())),
    })
}

/// What execution costs, in gas and dollars; dollars are unknown without a price feed.
///
/// # Errors
/// When the state cannot be read.
pub fn fees(executed: &Executed, markets: &mut Markets) -> Result<(Fees, Option<Usd>), StateError> {
    let mut chains = Vec::new();
    let (mut gas, mut data) = (Some(Usd::default()), Some(Usd::default()));
    for run in &executed.runs {
        let native = REGISTRY.native(run.chain);
        let price = markets.price(run.chain, native)?;
        let worth =
            |wei: Option<U256>| price.zip(wei).map(|(p, wei)| p.value(Amount::new(wei, native.decimals)));
        let data_wei = run.data_wei();
        let gas_usd = worth(run.wei().zip(data_wei).map(|(all, data)| all.saturating_sub(data)));
        // Nothing is charged for data here, whatever the native token is worth.
        let data_usd = if data_wei == Some(U256::ZERO) { Some(Usd::default()) } else { worth(data_wei) };
        gas = gas.zip(gas_usd).map(|(sum, usd)| sum + usd);
        data = data.zip(data_usd).map(|(sum, usd)| sum + usd);
        chains.push(ChainFees {
            chain: run.chain.as_str().into(),
            gas_units: run.gas_used,
            gas_usd: gas_usd.map(Usd::exact),
            l1_data_usd: data_usd.map(Usd::exact),
        });
    }
    if chains.len() < 2 {
        chains.clear();
    }
    let fees = Fees {
        gas_units: Some(executed.runs.iter().map(|run| run.gas_used).sum()),
        gas_usd: gas.map(Usd::exact),
        l1_data_usd: data.map(Usd::exact),
        chains,
    };
    Ok((fees, gas.zip(data).map(|(gas, data)| gas + data)))
}

/// How it was computed; the chain of the first action comes first.
#[must_use]
pub fn simulation(chains: &[&Snapshot], status: Status, plan_hash: Option<B256>) -> Simulation {
    let block = |snapshot: &Snapshot| BlockRef {
        number: snapshot.block.number,
        hash: snapshot.block.hash,
        timestamp: snapshot.block.timestamp,
    };
    let named =
        |snapshot: &&Snapshot| ChainBlock { chain: snapshot.chain.as_str().into(), block: block(snapshot) };
    let blocks = if chains.len() > 1 { chains.iter().map(named).collect() } else { Vec::new() };
    Simulation { status, source: chains[0].origin, block: block(chains[0]), blocks, plan_hash }
}

/// The prices of all chains of a plan, before it.
pub struct Markets(BTreeMap<ChainId, (Machine, Prices)>);

impl Markets {
    /// The prices on these states.
    #[must_use]
    pub fn new(snapshots: &Snapshots) -> Self {
        let of = |(&chain, snapshot)| (chain, (Machine::new(snapshot), Prices::default()));
        Self(snapshots.iter().map(of).collect())
    }

    fn price(&mut self, chain: ChainId, token: &Token) -> Result<Option<Price>, StateError> {
        match self.0.get_mut(&chain) {
            Some((machine, prices)) => prices.of(machine, token),
            None => Ok(None),
        }
    }
}
