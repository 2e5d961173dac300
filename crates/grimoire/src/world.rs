//! The world turns are taken in: the chains there are, under the operator's settings.
//!
//! What comes in: the configuration. What goes out: core's [`World`]. What it refuses to know: what is done in it.

use grimoire_core::turn::{Settings, World};

use crate::config::Config;

/// Opens the world.
///
/// # Errors
/// When no chain can be had; says what would help.
pub fn open(config: &Config, tell: &mut dyn FnMut(&str)) -> anyhow::Result<World> {
    let _ = tell;
    Ok(World::new(Vec::new(), settings(config)))
}

fn settings(config: &Config) -> Settings {
    Settings {
        slippage_bps: config.slippage.bps,
        deadline_secs: u64::from(config.deadline.secs),
        max_price_impact_bps: config.max_price_impact.bps,
    }
}
