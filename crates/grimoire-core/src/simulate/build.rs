//! Builds every step of a plan, each on the state the last one left.

use std::collections::BTreeMap;

use alloy_primitives::U256;
use grimoire_registry::ChainId;

use super::{data_fee, execute::outgoing};
use crate::{
    block::Stop,
    evm::{Fee, Machine, Snapshots},
    plan::{Action, Output, Plan},
    venue::{self, Built, Desk, Signer, Site, Terms},
};

/// Gas that is assumed for a plan until it has been built once.
const FIRST_GUESS_GAS: u64 = 1_000_000;

/// Wei to keep for gas, by chain.
type Reserves = BTreeMap<ChainId, U256>;

/// Builds every step, and shows each once it is final. Where everything of the native token is asked for, what the
/// plan's gas may cost is kept.
///
/// # Errors
/// When a step cannot do what was asked, with what would work; or the state cannot be read.
pub fn build(
    plan: &Plan,
    snapshots: &Snapshots,
    signer: Signer,
    terms: &Terms,
    show: &mut dyn FnMut(&Built),
) -> Result<Vec<Built>, Stop> {
    let spent: Vec<ChainId> =
        plan.chains().into_iter().filter(|&chain| plan.takes_all_native(chain)).collect();
    if spent.is_empty() {
        return once(plan, snapshots, signer, terms, &Reserves::new(), show);
    }
    let fee = |chain: &ChainId| U256::from(Fee::of(&snapshots[chain].block).max);
    let mut guess = Reserves::new();
    for chain in &spent {
        // A small wallet may hold less than that; what is really kept is known after the first pass.
        let held = Machine::new(&snapshots[chain]).native_balance(signer.address)?;
        guess.insert(*chain, (fee(chain) * U256::from(FIRST_GUESS_GAS)).min(held / U256::from(2)));
    }
    let built = once(plan, snapshots, signer, terms, &guess, &mut |_| {})?;
    let sent = outgoing(plan, &built, snapshots)?;
    let mut reserves = Reserves::new();
    for chain in &spent {
        let calls = || sent.iter().filter(|tx| tx.chain == *chain);
        let gas = fee(chain) * U256::from(calls().map(|tx| tx.gas_limit).sum::<u64>());
        let data = data_fee::separate(&mut Machine::new(&snapshots[chain]), calls())?.unwrap_or_default();
        reserves.insert(*chain, gas + data_fee::with_slack(data));
    }
    once(plan, snapshots, signer, terms, &reserves, show)
}

fn once(
    plan: &Plan,
    snapshots: &Snapshots,
    signer: Signer,
    terms: &Terms,
    reserves: &Reserves,
    show: &mut dyn FnMut(&Built),
) -> Result<Vec<Built>, Stop> {
    let site =
        |chain: &ChainId| Site::new(&snapshots[chain], reserves.get(chain).copied().unwrap_or_default());
    let mut sites: BTreeMap<ChainId, Site> = plan.chains().iter().map(|c| (*c, site(c))).collect();
    let mut outputs: Vec<Option<Output>> = Vec::with_capacity(plan.steps.len());
    let mut built = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let venue = venue::builder(step)?;
        // Taken out while it is worked at, so that a bridge can hold two chains at once.
        let Some(mut site) = sites.remove(&step.chain) else { continue };
        let far = match &step.action {
            Action::Bridge(bridge) => sites.get_mut(&bridge.to_chain),
            _ => None,
        };
        let mut desk = Desk {
            site: &mut site,
            far,
            signer,
            terms: *terms,
            outputs: &mut outputs,
            calls: Vec::new(),
            venue,
        };
        let action = venue.build(step, &mut desk)?;
        site.unsure.extend(&action.unsure);
        sites.insert(step.chain, site);
        outputs.push(action.output);
        show(&action);
        built.push(action);
    }
    Ok(built)
}
