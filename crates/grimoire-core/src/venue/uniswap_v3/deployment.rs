//! Where Uniswap V3 is on a chain, as the registry has it.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::Address;
use grimoire_registry::{ChainId, REGISTRY};
use serde::Deserialize;

/// The venue on one chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Makes the pools.
    pub factory: Address,
    /// SwapRouter02.
    pub swap_router_02: Address,
    /// QuoterV2.
    pub quoter_v2: Address,
    /// Adds liquidity.
    pub position_manager: Address,
    /// Pool fees in hundredths of a basis point.
    pub fee_tiers: Vec<u32>,
    /// Symbols of the tokens a route may pass through.
    pub route_via: Vec<String>,
}

impl Deployment {
    /// The venue on a chain, where it is.
    #[must_use]
    pub fn of(chain: ChainId) -> Option<&'static Self> {
        static ALL: LazyLock<BTreeMap<ChainId, Deployment>> =
            LazyLock::new(|| REGISTRY.deployed("uniswap_v3"));
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
