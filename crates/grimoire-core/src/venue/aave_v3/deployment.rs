//! Where Aave V3 is on a chain, as the registry has it.

use std::{collections::BTreeMap, sync::LazyLock};

use alloy_primitives::Address;
use grimoire_registry::{ChainId, REGISTRY};
use serde::Deserialize;

/// The venue's main market on one chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Takes supplies and gives loans.
    pub pool: Address,
    /// Names the current contracts of the market.
    pub addresses_provider: Address,
    /// Prices in dollars, 8 decimals.
    pub oracle: Address,
    /// Flags, caps and rates of reserves; upgrades replace it.
    pub data_provider: Address,
    /// Takes and gives the native token.
    pub gateway: Address,
    /// The assets that are listed; what they permit is read from the chain.
    pub reserves: Vec<Reserve>,
}

/// An asset of the market.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// The registry's symbol of the asset.
    pub symbol: String,
    /// What a supplier holds.
    pub a_token: Address,
    /// What a borrower owes.
    pub variable_debt: Address,
    /// Where the oracle reads its price.
    pub price_source: Address,
}

impl Deployment {
    /// The venue on a chain, where it is.
    #[must_use]
    pub fn of(chain: ChainId) -> Option<&'static Self> {
        static ALL: LazyLock<BTreeMap<ChainId, Deployment>> = LazyLock::new(|| REGISTRY.deployed("aave_v3"));
        ALL.get(&chain)
    }

    /// The reserve of a symbol.
    #[must_use]
    pub fn reserve(&self, symbol: &str) -> Option<&Reserve> {
        self.reserves.iter().find(|reserve| reserve.symbol == symbol)
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
