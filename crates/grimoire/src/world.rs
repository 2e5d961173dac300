//! The world turns are taken in: the chains there are, under the operator's settings.
//!
//! What comes in: the configuration. What goes out: core's [`World`]. What it refuses to know: what is done in it.

use std::sync::Arc;

use grimoire_core::{
    turn::{Settings, World},
    venue,
};
use grimoire_lang::ActionKind;
use grimoire_registry::{ChainId, Venue};
use grimoire_sandbox::{Paths, Progress, Sandbox, SandboxError, Stage};

use crate::config::Config;

/// Opens the world on the embedded sandbox, which is built when it is not kept yet; tells what takes long.
///
/// # Errors
/// When no chain can be had; says what would help.
pub fn open(config: &Config, tell: &mut dyn FnMut(&str)) -> Result<World, SandboxError> {
    let sandbox = Sandbox::load_or_build(&paths(config), &mut |progress| tell_of(progress, tell))?;
    Ok(World::new(vec![Arc::new(sandbox)], settings(config)))
}

/// Where the sandbox is.
#[must_use]
pub fn paths(config: &Config) -> Paths {
    Paths { contracts: config.sandbox_contracts.clone(), snapshots: config.sandbox_snapshots.clone() }
}

/// Tells of the first step of building a chain; loading is too quick to be told of.
pub fn tell_of(progress: &Progress, tell: &mut dyn FnMut(&str)) {
    if (progress.stage, progress.done) == (Stage::Tokens, 0) {
        tell(&format!("building the sandbox's {} …", progress.chain));
    }
}

/// The chains among those served on which an action can be planned at a venue.
#[must_use]
pub fn plannable(served: &[ChainId], venue: &Venue, action: ActionKind) -> Vec<ChainId> {
    let built = venue.actions.contains(&action) && venue::find(&venue.slug).is_some();
    let here = |chain: &ChainId| built && venue.deployments.contains_key(chain);
    served.iter().copied().filter(here).collect()
}

fn settings(config: &Config) -> Settings {
    Settings {
        slippage_bps: config.slippage.bps,
        deadline_secs: u64::from(config.deadline.secs),
        max_price_impact_bps: config.max_price_impact.bps,
    }
}
