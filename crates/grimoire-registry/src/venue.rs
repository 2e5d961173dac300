//! Venues: what can be done there, and where their contracts are on each chain.
//!
//! What comes in: one data file per venue. What goes out: its names and actions, and a [`Deployment`] per chain that
//! only the venue itself reads in full. What it refuses to know: what any venue's table holds.

use std::collections::BTreeMap;

use alloy_primitives::Address;
use grimoire_lang::ActionKind;
use serde::{Deserialize, de::DeserializeOwned};
use toml::{Table, Value};

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
    /// Its contracts, by chain.
    #[serde(default)]
    pub deployments: BTreeMap<ChainId, Deployment>,
}

/// What a venue has on one chain: contracts by name, and whatever else the venue keeps there.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Deployment(Table);

impl Deployment {
    /// The contract of that name.
    #[must_use]
    pub fn contract(&self, name: &str) -> Option<Address> {
        self.0.get(name).and_then(address)
    }

    /// The table as the venue's own type.
    ///
    /// # Errors
    /// When the table is not of that type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, toml::de::Error> {
        Value::Table(self.0.clone()).try_into()
    }

    /// Every address in the table, at any depth.
    #[must_use]
    pub fn addresses(&self) -> Vec<Address> {
        let mut found = Vec::new();
        self.0.values().for_each(|value| collect(value, &mut found));
        found
    }
}

fn address(value: &Value) -> Option<Address> {
    value.as_str()?.parse().ok()
}

fn collect(value: &Value, found: &mut Vec<Address>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Table(table) => table.values().for_each(|value| collect(value, found)),
        other => found.extend(address(other)),
    }
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
