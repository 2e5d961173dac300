//! Where Across is on a chain, as the registry has it.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::Address;
use grimoire_registry::{ChainId, REGISTRY};
use serde::Deserialize;

/// The venue on one chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Takes deposits.
    pub spoke_pool: Address,
    /// By destination: the symbol of what is paid here, and of what arrives there.
    pub routes: BTreeMap<ChainId, Vec<[String; 2]>>,
}

impl Deployment {
    /// The venue on a chain, where it is.
    #[must_use]
    pub fn of(chain: ChainId) -> Option<&'static Self> {
        static ALL: LazyLock<BTreeMap<ChainId, Deployment>> = LazyLock::new(|| REGISTRY.deployed("across"));
        ALL.get(&chain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chain_has_it() {
        assert!(ChainId::ALL.iter().all(|&chain| Deployment::of(chain).is_some()));
    }
}
