//! What execution may cost: what transactions offer for gas, and whether the plan stays within what was allowed.

use std::collections::BTreeMap;

use alloy_primitives::{U256, U512};
use grimoire_lang::Decimal;
use grimoire_registry::{ChainId, REGISTRY};

use super::{
    execute::{Executed, Run},
    sent::Outgoing,
};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Fee, Machine, Snapshot, Snapshots},
    plan::{GasLimit, Plan, exact},
    price::{Prices, Usd},
};

/// What the plan's transactions offer for gas on each chain: never more a unit than the person allows.
///
/// # Errors
/// When a block already costs more a unit.
pub fn offer(
    plan: &Plan,
    snapshots: &Snapshots,
    outgoing: &[Outgoing<'_>],
) -> Result<BTreeMap<ChainId, Fee>, Stop> {
    let mut fees: BTreeMap<ChainId, Fee> =
        snapshots.iter().map(|(&chain, snapshot)| (chain, Fee::of(&snapshot.block))).collect();
    for step in &plan.steps {
        let Some(fee) = fees.get_mut(&step.chain) else { continue };
        let most = match step.limits.max_gas {
            None => continue,
            Some(GasLimit::Gwei(most)) => most,
            Some(limit) => {
                // Even if every unit is used at the highest price: but never too little for this block.
                let units =
                    outgoing.iter().filter(|tx| tx.chain == step.chain).map(|tx| tx.gas_limit).sum::<u64>();
                let unit = wei_of(limit, &snapshots[&step.chain])?.map(|wei| wei / U256::from(units.max(1)));
                let unit = unit.map_or(fee.max, |unit| unit.saturating_to());
                fee.max = fee.max.min(unit.max(fee.effective));
                continue;
            }
        };
        let allowed = wei_of_gwei(most);
        if fee.effective > allowed {
            let costs = Amount::new(U256::from(fee.effective), 9);
            return Err(too_high(&format!("{costs} gwei"), format!("{most} gwei")));
        }
        fee.max = fee.max.min(allowed);
    }
    Ok(fees)
}

/// A limit on the whole cost in wei; none where the native token has no price.
fn wei_of(limit: GasLimit, snapshot: &Snapshot) -> Result<Option<U256>, Stop> {
    let native = REGISTRY.native(snapshot.chain);
    Ok(match limit {
        GasLimit::Gwei(_) => None,
        GasLimit::Native(most) => Some(exact(most, native)?.raw),
        GasLimit::Usd(most) => {
            let price = Prices::default().of(&mut Machine::new(snapshot), native)?;
            let usd = Amount::of(most, 18);
            price.zip(usd).and_then(|(price, usd)| price.amount(usd, native.decimals)).map(|a| a.raw)
        }
    })
}

/// Gwei as wei, rounded down: finer than a wei is never more than was allowed.
fn wei_of_gwei(gwei: Decimal) -> u128 {
    match gwei.scale().checked_sub(9) {
        None | Some(0) => Amount::of(gwei, 9).map_or(u128::MAX, |a| a.raw.saturating_to()),
        Some(finer) => 10u128.checked_pow(u32::from(finer)).map_or(0, |unit| gwei.mantissa() / unit),
    }
}

/// Refuses a plan whose gas costs more than the person allows: all of it in dollars, or all of a chain in its native
/// token. A price that is not known counts as too much.
///
/// # Errors
/// When it does.
pub fn keep_to_gas_limit(plan: &Plan, executed: &Executed, usd: Option<Usd>) -> Result<(), Stop> {
    for step in &plan.steps {
        match step.limits.max_gas {
            Some(GasLimit::Usd(most)) => {
                let micros = Amount::of(most, 6).map(|a| U512::from(a.raw));
                if usd.zip(micros).is_none_or(|(usd, most)| usd.micros() > most) {
                    let costs = usd.map_or("an unknown amount".into(), Usd::about);
                    return Err(too_high(&costs, format!("${most}")));
                }
            }
            Some(GasLimit::Native(most)) => {
                let native = REGISTRY.native(step.chain);
                let run = executed.runs.iter().find(|run| run.chain == step.chain);
                let wei = run.and_then(Run::wei);
                let allowed = exact(most, native)?.raw;
                if wei.is_none_or(|wei| wei > allowed) {
                    let show = |wei| Amount::new(wei, native.decimals).rounded_up(3).to_string();
                    let costs = wei.map_or("an unknown amount of".into(), show);
                    return Err(too_high(
                        &format!("{costs} {}", native.symbol),
                        format!("{most} {}", native.symbol),
                    ));
                }
            }
            Some(GasLimit::Gwei(_)) | None => {}
        }
    }
    Ok(())
}

fn too_high(costs: &str, allowed: String) -> Stop {
    let message = format!("Gas costs {costs}, more than the {allowed} allowed.");
    Blocked { code: "gas_too_high", message, at_most: Some(allowed) }.into()
}
