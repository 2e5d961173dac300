//! Venues: what can be done there, and where their contracts are on each chain.

use std::collections::BTreeMap;

use alloy_primitives::Address;
use grimoire_lang::ActionKind;
use serde::Deserialize;

use crate::chain::ChainId;

/// A protocol the product plans for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// The name used in code, JSON, logs and docs.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// What can be done there.
    pub actions: Vec<ActionKind>,
    /// Words for it, lower case.
    pub words: Vec<String>,
    /// Pool fees in hundredths of a basis point, for an exchange that has tiers.
    #[serde(default)]
    pub fee_tiers: Vec<u32>,
    /// Its contracts, by chain.
    #[serde(default)]
    pub deployments: BTreeMap<ChainId, Deployment>,
}

/// A venue's contracts on one chain.
#[derive(Debug, Deserialize)]
pub struct Deployment {
    /// Symbols a route may pass through.
    #[serde(default)]
    pub route_via: Vec<String>,
    /// Contracts by name.
    #[serde(flatten)]
    pub contracts: BTreeMap<String, Address>,
}

pub(crate) fn load() -> Vec<Venue> {
    let read = |text| toml::from_str(text).expect("a test holds that the venue files are well formed");
    vec![
        read(include_str!("../data/venues/uniswap_v3.toml")),
        read(include_str!("../data/venues/aave_v3.toml")),
        read(include_str!("../data/venues/morpho_blue.toml")),
        read(include_str!("../data/venues/across.toml")),
    ]
}
