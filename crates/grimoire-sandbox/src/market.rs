//! The synthetic markets, one file per chain.
//!
//! What comes in: `market/`, compiled into the program. What goes out: a [`Market`]. What it refuses to know: what its
//! symbols stand for, and how any of it is built.

use std::collections::BTreeMap;

use alloy_primitives::{Address, keccak256};
use grimoire_lang::Decimal;
use grimoire_registry::ChainId;
use serde::Deserialize;

/// The chains the sandbox has, with the text of their markets. A new chain is one file and one line.
pub(crate) const MARKETS: &[(ChainId, &str)] = &[
    (ChainId::Ethereum, include_str!("../market/ethereum.toml")),
    (ChainId::Arbitrum, include_str!("../market/arbitrum.toml")),
    (ChainId::Optimism, include_str!("../market/optimism.toml")),
    (ChainId::Base, include_str!("../market/base.toml")),
    (ChainId::Polygon, include_str!("../market/polygon.toml")),
];

/// Deploys everything and holds all liquidity.
pub(crate) const MARKET_MAKER: &str = "market_maker";

/// Whose funds stand in when no wallet is given.
pub(crate) const STAND_IN: &str = "stand_in";

/// The market of one chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Market {
    pub(crate) tokens: Vec<TokenRow>,
    pub(crate) accounts: Vec<AccountRow>,
    pub(crate) market_maker: Funds,
    pub(crate) references: BTreeMap<String, Decimal>,
    pub(crate) block: BlockRow,
    /// On a chain that charges for data on layer 1.
    pub(crate) data_fee: Option<DataFeeRow>,
    /// What there is at each venue, by slug; each recipe reads its own.
    pub(crate) venues: BTreeMap<String, toml::Table>,
}

/// A token that has a contract.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRow {
    pub(crate) symbol: String,
    pub(crate) price: Decimal,
    #[serde(default)]
    pub(crate) contract: Contract,
}

/// The code that stands at a token's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Contract {
    /// An ERC-20 with permit that anyone may mint.
    #[default]
    Mintable,
    /// The wrapped native token.
    Weth9,
    /// USDT on ethereum: no return values, an approval must be taken back before it is changed.
    Tether,
    /// wstETH: tells its rate to stETH.
    WrappedStakedEther,
}

/// An account and what it starts with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountRow {
    pub(crate) name: String,
    pub(crate) funds: Funds,
    /// What it has at venues, by slug; each recipe reads its own.
    #[serde(default)]
    pub(crate) positions: BTreeMap<String, toml::Table>,
}

/// What an account starts with.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Funds {
    pub(crate) native: Option<Decimal>,
    pub(crate) usd_of_every_token: Option<Decimal>,
    pub(crate) tokens: BTreeMap<String, Decimal>,
}

/// The block every simulation runs in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlockRow {
    pub(crate) number: u64,
    pub(crate) timestamp: u64,
    pub(crate) gas_limit: u64,
    pub(crate) base_fee_gwei: Decimal,
    pub(crate) priority_fee_gwei: Decimal,
}

/// What data costs on layer 1, as the chain counts it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum DataFeeRow {
    /// Prices of layer 1 and their shares in the fee.
    OpStack {
        base_fee_gwei: Decimal,
        blob_base_fee_gwei: Decimal,
        base_fee_scalar: u32,
        blob_base_fee_scalar: u32,
    },
    /// The price of a unit of data.
    Arbitrum { unit_price_gwei: Decimal },
}

/// The address of an account of the market: nobody holds a key of it.
pub(crate) fn account(name: &str) -> Address {
    Address::from_word(keccak256(format!("grimoire sandbox {name}")))
}
