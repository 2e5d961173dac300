//! What is in a sandbox, for people and programs.
//!
//! What comes in: nothing; these are the types of a report that serializes. What they refuse to know: how it is made.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256};
use grimoire_registry::ChainId;
use serde::Serialize;

/// What is in a sandbox.
#[derive(Clone, Debug, Serialize)]
pub struct Info {
    /// Its chains.
    pub chains: Vec<ChainInfo>,
    /// What it is for, and under which licences its contracts stand.
    pub notice: &'static str,
}

/// What is on one chain.
#[derive(Clone, Debug, Serialize)]
pub struct ChainInfo {
    /// Which chain.
    pub chain: ChainId,
    /// Height of the block every simulation runs in.
    pub block: u64,
    /// Hash of the chain's state.
    pub hash: B256,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Wei a unit of gas.
    pub base_fee: u64,
    /// Wei a unit of gas.
    pub priority_fee: u64,
    /// Symbols of the tokens that have a contract, with its address.
    pub tokens: BTreeMap<String, Address>,
    /// Pools of Uniswap v3.
    pub pools: Vec<PoolInfo>,
    /// Reserves of Aave V3.
    pub reserves: Vec<ReserveInfo>,
    /// Markets of Morpho Blue.
    pub markets: Vec<MarketInfo>,
    /// The spoke pool of Across.
    pub spoke_pool: Option<SpokePoolInfo>,
    /// Accounts nobody holds a key of.
    pub accounts: Vec<AccountInfo>,
    /// Size of the stored snapshot.
    pub snapshot_bytes: usize,
}

/// A pool and its depth.
#[derive(Clone, Debug, Serialize)]
pub struct PoolInfo {
    /// Where it is.
    pub address: Address,
    /// Symbols of token0 and token1.
    pub pair: [String; 2],
    /// Hundredths of a basis point.
    pub fee: u32,
    /// What it holds of token0 and token1, in whole tokens.
    pub depth: [String; 2],
    /// Its active liquidity.
    pub liquidity: String,
}

/// A reserve, and what it allows.
#[derive(Clone, Debug, Serialize)]
pub struct ReserveInfo {
    /// Symbol of the asset.
    pub symbol: String,
    /// What was supplied, in whole tokens.
    pub supplied: String,
    /// What is borrowed of it, in whole tokens.
    pub borrowed: String,
    /// What a supplier earns, in percent a year without compounding.
    pub supply_apr_percent: String,
    /// What a borrower pays, in percent a year without compounding.
    pub borrow_apr_percent: String,
    /// Nothing can be supplied or borrowed.
    pub frozen: bool,
    /// Nothing can be done.
    pub paused: bool,
    /// It can be borrowed.
    pub borrowing: bool,
    /// It secures loans.
    pub collateral: bool,
}

/// A market of isolated loans.
#[derive(Clone, Debug, Serialize)]
pub struct MarketInfo {
    /// Its id.
    pub id: B256,
    /// Symbol of what is lent.
    pub loan: String,
    /// Symbol of what secures a loan.
    pub collateral: String,
    /// The loan to value at which a position is liquidated, in percent.
    pub lltv_percent: String,
    /// What was lent to it, in whole tokens.
    pub supplied: String,
    /// What is borrowed from it, in whole tokens.
    pub borrowed: String,
    /// What a lender earns, in percent a year without compounding.
    pub supply_apr_percent: String,
    /// What a borrower pays, in percent a year without compounding.
    pub borrow_apr_percent: String,
}

/// Where a bridge takes deposits.
#[derive(Clone, Debug, Serialize)]
pub struct SpokePoolInfo {
    /// Where it is.
    pub address: Address,
    /// How old a quote may be, in seconds.
    pub quote_buffer_secs: u32,
    /// How far ahead the end of a deposit may be, in seconds.
    pub fill_deadline_buffer_secs: u32,
    /// How many deposits it counts.
    pub deposits: u32,
}

/// An account of the market.
#[derive(Clone, Debug, Serialize)]
pub struct AccountInfo {
    /// The market's name for it.
    pub name: String,
    /// Where it is.
    pub address: Address,
}
