//! Where Morpho Blue is on a chain, as the registry has it.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::{Address, B256, U256};
use grimoire_registry::{ChainId, REGISTRY};
use serde::Deserialize;

/// The venue on one chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Holds every market.
    pub morpho: Address,
    /// The rate model of every market listed.
    pub irm: Address,
    /// The markets that are used; anyone can create more.
    pub markets: Vec<Market>,
}

/// A market: loans of one token against one collateral.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// Keccak-256 of its parameters.
    pub id: B256,
    /// The registry's symbol of what is lent.
    pub loan: String,
    /// The registry's symbol of what secures a loan.
    pub collateral: String,
    /// Prices the collateral in the loan token.
    pub oracle: Address,
    /// The loan to value at which a position is liquidated, scaled by 10^18.
    pub lltv: U256,
}

impl Deployment {
    /// The venue on a chain, where it is.
    #[must_use]
    pub fn of(chain: ChainId) -> Option<&'static Self> {
        static ALL: LazyLock<BTreeMap<ChainId, Deployment>> =
            LazyLock::new(|| REGISTRY.deployed("morpho_blue"));
        ALL.get(&chain)
    }

    /// The market of an id.
    #[must_use]
    pub fn market(&self, id: B256) -> Option<&Market> {
        self.markets.iter().find(|market| market.id == id)
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
