//! What execution may cost: what transactions offer for gas, and whether the plan stays within what was allowed.

use std::collections::BTreeMap;

use alloy_primitives::{U256, U512};
use grimoire_registry::{ChainId, REGISTRY};

use super::execute::{Executed, Run};
use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Fee, Snapshots},
    plan::{GasLimit, Plan, exact},
    price::Usd,
};

/// What the plan's transactions offer for gas on each chain: never more a unit than the person allows.
///
/// # Errors
/// When a block already costs more a unit.
pub fn offer(plan: &Plan, snapshots: &Snapshots) -> Result<BTreeMap<ChainId, Fee>, Stop> {
    let mut fees: BTreeMap<ChainId, Fee> =
        snapshots.iter().map(|(&chain, snapshot)| (chain, Fee::of(&snapshot.block))).collect();
    for step in &plan.steps {
        let Some(GasLimit::Gwei(most)) = step.limits.max_gas else { continue };
        let Some(fee) = fees.get_mut(&step.chain) else { continue };
        let allowed = Amount::of(most, 9).map_or(u128::MAX, |a| a.raw.saturating_to());
        if fee.effective > allowed {
            let costs = Amount::new(U256::from(fee.effective), 9);
            return Err(too_high(&format!("{costs} gwei"), format!("{most} gwei")));
        }
        fee.max = fee.max.min(allowed);
    }
    Ok(fees)
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
