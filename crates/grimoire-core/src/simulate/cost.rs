//! What execution may cost: what transactions offer for gas, and whether the plan stays within what was allowed.

use alloy_primitives::{U256, U512};
use grimoire_registry::REGISTRY;

use crate::{
    amount::Amount,
    block::{Blocked, Stop},
    evm::{Block, Fee, Snapshot},
    plan::{GasLimit, Plan, exact},
    price::Usd,
};

/// What the plan's transactions offer for gas: never more a unit than the person allows.
///
/// # Errors
/// When this block already costs more a unit.
pub fn offer(plan: &Plan, block: &Block) -> Result<Fee, Stop> {
    let mut fee = Fee::of(block);
    for step in &plan.steps {
        let Some(GasLimit::Gwei(most)) = step.limits.max_gas else { continue };
        let allowed = Amount::of(most, 9).map_or(u128::MAX, |a| a.raw.saturating_to());
        if fee.effective > allowed {
            let costs = Amount::new(U256::from(fee.effective), 9);
            return Err(too_high(&format!("{costs} gwei"), format!("{most} gwei")));
        }
        fee.max = fee.max.min(allowed);
    }
    Ok(fee)
}

/// Refuses a plan whose gas costs more than the person allows. A price that is not known counts as too much.
///
/// # Errors
/// When it does.
pub fn keep_to_gas_limit(
    plan: &Plan,
    snapshot: &Snapshot,
    gas_used: u64,
    usd: Option<Usd>,
) -> Result<(), Stop> {
    let native = REGISTRY.native(snapshot.chain);
    for limit in plan.steps.iter().filter_map(|s| s.limits.max_gas) {
        match limit {
            GasLimit::Usd(most) => {
                let micros = Amount::of(most, 6).map(|a| U512::from(a.raw));
                if usd.zip(micros).is_none_or(|(usd, most)| usd.micros() > most) {
                    let costs = usd.map_or("an unknown amount".into(), Usd::about);
                    return Err(too_high(&costs, format!("${most}")));
                }
            }
            GasLimit::Native(most) => {
                let wei = U256::from(gas_used) * U256::from(Fee::of(&snapshot.block).effective);
                if wei > exact(most, native)?.raw {
                    let costs = Amount::new(wei, native.decimals).rounded_up(3);
                    return Err(too_high(
                        &format!("{costs} {}", native.symbol),
                        format!("{most} {}", native.symbol),
                    ));
                }
            }
            GasLimit::Gwei(_) => {}
        }
    }
    Ok(())
}

fn too_high(costs: &str, allowed: String) -> Stop {
    let message = format!("Gas costs {costs}, more than the {allowed} allowed.");
    Blocked { code: "gas_too_high", message, at_most: Some(allowed) }.into()
}
