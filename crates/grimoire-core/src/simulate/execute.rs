//! Executes the finished list of transactions exactly as it would be sent, and measures what it did.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, U256};
use grimoire_registry::{ChainId, REGISTRY};

use super::{
    data_fee,
    gas::gas_limit,
    ledger::{Change, Ledger, sum},
    sent::Outgoing,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop, Warning},
    evm::{CallError, Fee, Machine, Snapshots},
    gift,
    plan::Plan,
    token,
    venue::{self, Arrival, Built, refused},
};

/// What the transactions of one chain cost.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Where.
    pub chain: ChainId,
    /// Gas used, all transactions, data gas included.
    pub gas_used: u64,
    /// The part of that which pays for data on layer 1.
    pub data_gas: u64,
    /// What layer 1 charges beside gas, in wei; none when it is not known.
    pub data_fee: Option<U256>,
    /// What a unit of gas costs.
    pub fee: Fee,
}

impl Run {
    /// What the chain charges for all of it, in wei; none when it is not known.
    #[must_use]
    pub fn wei(&self) -> Option<U256> {
        let gas = U256::from(self.gas_used) * U256::from(self.fee.effective);
        self.data_fee.and_then(|data| data.checked_add(gas))
    }

    /// The part of that for data on layer 1, in wei; none when it is not known.
    #[must_use]
    pub fn data_wei(&self) -> Option<U256> {
        let inside = U256::from(self.data_gas) * U256::from(self.fee.effective);
        self.data_fee.and_then(|data| data.checked_add(inside))
    }
}

/// What executing the list did.
#[derive(Clone, Debug)]
pub struct Executed {
    /// Chain by chain, in the order of the plan.
    pub runs: Vec<Run>,
    /// What each action changed, gas apart.
    pub steps: Vec<Vec<Change>>,
    /// Allowances that grew: token, spender.
    pub allowances: Vec<(Address, Address)>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl Executed {
    /// What all of it changed.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        sum(self.steps.iter().flatten().copied())
    }
}

/// The transactions of all actions, in order.
///
/// # Errors
/// When one needs more gas than a transaction may have, or the state cannot be read.
pub fn outgoing<'a>(
    plan: &Plan,
    built: &'a [Built],
    snapshots: &Snapshots,
) -> Result<Vec<Outgoing<'a>>, Stop> {
    let mut rows = Vec::new();
    let mut data = data_fee::Gas::default();
    for (action, (step, built)) in plan.steps.iter().zip(built).enumerate() {
        let cap = REGISTRY.chain(step.chain).tx_gas_limit_cap;
        for rehearsed in &built.calls {
            let data_gas = data.of(&rehearsed.call, &snapshots[&step.chain])?;
            let needed = rehearsed.gas_needed.saturating_add(data_gas);
            if needed > cap {
                let message =
                    format!("“{}” needs more gas than one transaction may have.", rehearsed.call.title);
                return Err(Blocked::new("gas_limit_exceeded", message).into());
            }
            let gas_limit = gas_limit(needed).min(cap);
            rows.push(Outgoing { action, chain: step.chain, call: &rehearsed.call, gas_limit, data_gas });
        }
    }
    Ok(rows)
}

/// One chain while the list is executed.
struct Place {
    machine: Machine,
    contract_wallet: bool,
    run: Run,
}

/// Executes from the untouched state: fees, gas limits, nonces and funds for gas as in a real block.
///
/// # Errors
/// When a transaction fails, in words; or the state cannot be read.
pub fn execute(
    plan: &Plan,
    snapshots: &Snapshots,
    sender: Address,
    outgoing: &[Outgoing<'_>],
    fees: &BTreeMap<ChainId, Fee>,
    built: &[Built],
) -> Result<Executed, Stop> {
    let mut places: BTreeMap<ChainId, Place> = BTreeMap::new();
    for (&chain, snapshot) in snapshots {
        let mut machine = Machine::new(snapshot);
        let contract_wallet = machine.is_contract(sender)?;
        let fee = fees.get(&chain).copied().unwrap_or_else(|| Fee::of(&snapshot.block));
        let run = Run { chain, gas_used: 0, data_gas: 0, data_fee: Some(U256::ZERO), fee };
        places.insert(chain, Place { machine, contract_wallet, run });
    }
    let mut ledger = Ledger::new(snapshots, sender, built);
    let mut steps = Vec::with_capacity(built.len());
    for (index, (step, built)) in plan.steps.iter().zip(built).enumerate() {
        let venue = venue::builder(step)?;
        let Some(place) = places.get_mut(&step.chain) else { continue };
        for tx in outgoing.iter().filter(|tx| tx.action == index) {
            let receipt = if place.contract_wallet {
                place.machine.rehearse(sender, tx.call)
            } else {
                place.machine.execute(sender, tx.call, tx.gas_limit - tx.data_gas, place.run.fee)
            };
            match receipt {
                Ok(receipt) => {
                    place.run.gas_used += receipt.gas_used + tx.data_gas;
                    place.run.data_gas += tx.data_gas;
                }
                Err(CallError::CannotPay { needed, balance }) => {
                    return Err(no_gas_money(step.chain, needed, balance));
                }
                Err(error) => return Err(refused(&tx.call.title, error, venue)),
            }
        }
        let paid = place.gas_paid();
        let mut changes = ledger.look(&mut place.machine, paid)?;
        if let Some(arrival) = &built.arrival
            && let Some(place) = places.get_mut(&arrival.chain)
        {
            arrive(arrival, &mut place.machine, venue)?;
            let paid = place.gas_paid();
            changes.extend(ledger.look(&mut place.machine, paid)?);
        }
        steps.push(changes);
    }
    finish(plan, snapshots, sender, outgoing, built, places, steps)
}

impl Place {
    /// What the sender has paid for gas; layer 1's part is not charged by the machine.
    fn gas_paid(&self) -> U256 {
        if self.contract_wallet {
            return U256::ZERO;
        }
        U256::from(self.run.gas_used - self.run.data_gas) * U256::from(self.run.fee.effective)
    }
}

/// What others do on another chain.
fn arrive(arrival: &Arrival, machine: &mut Machine, venue: &dyn venue::Venue) -> Result<(), Stop> {
    let (token, amount) = arrival.funds;
    gift::raise(machine, token, arrival.by, amount)?;
    for call in &arrival.calls {
        machine.rehearse(arrival.by, call).map_err(|error| refused(&call.title, error, venue))?;
    }
    Ok(())
}

fn finish(
    plan: &Plan,
    snapshots: &Snapshots,
    sender: Address,
    outgoing: &[Outgoing<'_>],
    built: &[Built],
    mut places: BTreeMap<ChainId, Place>,
    steps: Vec<Vec<Change>>,
) -> Result<Executed, Stop> {
    let mut executed = Executed { runs: Vec::new(), steps, allowances: Vec::new(), warnings: Vec::new() };
    for chain in plan.chains() {
        let Some(place) = places.get_mut(&chain) else { continue };
        let sent: Vec<&Outgoing<'_>> = outgoing.iter().filter(|tx| tx.chain == chain).collect();
        if sent.is_empty() {
            continue;
        }
        place.run.data_fee = data_fee::separate(&mut Machine::new(&snapshots[&chain]), sent.iter().copied())?;
        if place.contract_wallet {
            executed.warnings.push(contract_wallet());
        } else {
            can_pay_data(place, sender)?;
        }
        let mut before = Machine::new(&snapshots[&chain]);
        let here = plan.steps.iter().zip(built).filter(|(step, _)| step.chain == chain);
        let pairs: BTreeSet<(Address, Address)> =
            here.flat_map(|(_, b)| b.spenders.iter().copied()).collect();
        for (at, spender) in pairs {
            let old = token::allowance(&mut before, at, sender, spender)?;
            if token::allowance(&mut place.machine, at, sender, spender)? > old {
                executed.allowances.push((at, spender));
            }
        }
        executed.runs.push(place.run);
    }
    executed.warnings.dedup();
    Ok(executed)
}

/// The sender must be able to pay what layer 1 charges beside gas, with some slack.
fn can_pay_data(place: &mut Place, sender: Address) -> Result<(), Stop> {
    let beside = data_fee::with_slack(place.run.data_fee.unwrap_or_default());
    let inside = U256::from(place.run.data_gas) * U256::from(place.run.fee.max);
    let needed = beside.saturating_add(inside);
    let balance = place.machine.native_balance(sender)?;
    if balance >= needed { Ok(()) } else { Err(no_gas_money(place.run.chain, needed, balance)) }
}

fn contract_wallet() -> Warning {
    let message =
        "The wallet is a contract: the transactions must go through it, and its own gas comes on top.";
    Warning { code: "contract_wallet", message: message.into() }
}

fn no_gas_money(chain: ChainId, needed: U256, balance: U256) -> Stop {
    let native = REGISTRY.native(chain);
    let show = |raw| Amount::new(raw, native.decimals).rounded_up(4);
    let message = format!(
        "Value and gas on {} may cost up to {} {symbol}; {} {symbol} are missing in the wallet.",
        REGISTRY.chain(chain).name,
        show(needed),
        show(needed.saturating_sub(balance)),
        symbol = native.symbol
    );
    Blocked::new("insufficient_gas_funds", message).into()
}
