//! Chains: ids, native token, price feeds.

use std::{collections::BTreeMap, fmt, str::FromStr};

use alloy_primitives::Address;
use serde::{Deserialize, Serialize};

/// A supported chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the chains'")]
pub enum ChainId {
    Ethereum,
    Arbitrum,
    Optimism,
    Base,
    Polygon,
}

impl ChainId {
    /// Every chain, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Ethereum, Self::Arbitrum, Self::Optimism, Self::Base, Self::Polygon];

    /// The name used in JSON, messages, logs and docs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ethereum => "ethereum",
            Self::Arbitrum => "arbitrum",
            Self::Optimism => "optimism",
            Self::Base => "base",
            Self::Polygon => "polygon",
        }
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no supported chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a chain: use ethereum, arbitrum, optimism, base or polygon")]
pub struct UnknownChain(pub String);

impl FromStr for ChainId {
    type Err = UnknownChain;

    fn from_str(text: &str) -> Result<Self, UnknownChain> {
        Self::ALL.into_iter().find(|c| c.as_str() == text).ok_or_else(|| UnknownChain(text.into()))
    }
}

/// The facts of a chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Which chain.
    pub id: ChainId,
    /// Name for people.
    pub name: String,
    /// EIP-155 id.
    pub chain_id: u64,
    /// Symbol of the native token.
    pub native: String,
    /// Symbol of its wrapped form.
    pub wrapped: String,
    /// Milliseconds between blocks.
    pub block_time_ms: u64,
    /// The most gas one transaction may have.
    pub tx_gas_limit_cap: u64,
    /// How a transaction pays for its data on layer 1, where it does.
    pub data_fee: Option<DataFee>,
    /// Multicall3.
    pub multicall3: Address,
    /// A block explorer's address.
    pub explorer: String,
    /// Words for the chain, lower case.
    pub words: Vec<String>,
    /// Chainlink feeds by name, such as `ETH / USD`.
    pub feeds: BTreeMap<String, Address>,
    /// Per token symbol, the feeds whose product is its price in dollars. `X.f()` is a method of token X.
    pub prices: BTreeMap<String, Vec<String>>,
}

/// How a transaction pays for its data on layer 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DataFee {
    /// On top of the gas, as the chain's own contract computes it from the transaction's bytes.
    OpStack {
        /// Tells the fee of a transaction.
        gas_price_oracle: Address,
        /// Holds the prices of layer 1.
        l1_block: Address,
    },
    /// Within the gas: a transaction uses more of it.
    Arbitrum {
        /// Holds the prices of layer 1; a precompile of the node.
        arb_gas_info: Address,
        /// Tells the share of layer 1 in an estimate; the node alone answers it.
        node_interface: Address,
    },
}

pub(crate) fn load() -> Vec<Chain> {
    let read = |text| toml::from_str(text).expect("a test holds that the chain files are well formed");
    vec![
        read(include_str!("../data/chains/ethereum.toml")),
        read(include_str!("../data/chains/arbitrum.toml")),
        read(include_str!("../data/chains/optimism.toml")),
        read(include_str!("../data/chains/base.toml")),
        read(include_str!("../data/chains/polygon.toml")),
    ]
}
