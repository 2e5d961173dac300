//! What is in a sandbox, for people and programs.
//!
//! What comes in: the facts of built chains. What goes out: a report that serializes. What it refuses to know: state.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256};
use grimoire_registry::{ChainId, REGISTRY};
use serde::Serialize;

use crate::image::{Facts, LendingMarket, Pool, Reserve, SpokePool};

/// What to know before using any of it.
const NOTICE: &str = "Prices, depth, rates and funds are invented. The contracts are third-party packages (GPL, MIT, BUSL; \
see contracts/LICENCES.md), installed for trials and tests only: neither they nor this chain may be shipped or served.";

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

impl Info {
    pub(crate) fn of(chains: impl Iterator<Item = ChainInfo>) -> Self {
        Self { chains: chains.collect(), notice: NOTICE }
    }
}

impl ChainInfo {
    pub(crate) fn of(facts: &Facts, hash: B256, snapshot_bytes: usize) -> Self {
        let token = |symbol: &String| Some((symbol.clone(), REGISTRY.token(facts.chain, symbol)?.address?));
        let account =
            |(name, address): &(String, Address)| AccountInfo { name: name.clone(), address: *address };
        Self {
            chain: facts.chain,
            block: facts.number,
            hash,
            timestamp: facts.timestamp,
            base_fee: facts.base_fee,
            priority_fee: facts.priority_fee,
            tokens: facts.tokens.iter().filter_map(token).collect(),
            pools: facts.pools.iter().map(|pool| PoolInfo::of(facts.chain, pool)).collect(),
            spoke_pool: facts.spoke_pool.as_ref().map(SpokePoolInfo::of),
            markets: facts.markets.iter().map(|market| MarketInfo::of(facts.chain, market)).collect(),
            reserves: facts.reserves.iter().map(|reserve| ReserveInfo::of(facts.chain, reserve)).collect(),
            accounts: facts.accounts.iter().map(account).collect(),
            snapshot_bytes,
        }
    }
}

impl PoolInfo {
    fn of(chain: ChainId, pool: &Pool) -> Self {
        let depth = |side: usize| whole_of(chain, &pool.pair[side], pool.amounts[side]);
        Self {
            address: pool.address,
            pair: pool.pair.clone(),
            fee: pool.fee,
            depth: [depth(0), depth(1)],
            liquidity: pool.liquidity.to_string(),
        }
    }
}

impl ReserveInfo {
    fn of(chain: ChainId, reserve: &Reserve) -> Self {
        Self {
            symbol: reserve.symbol.clone(),
            supplied: whole_of(chain, &reserve.symbol, reserve.supplied),
            borrowed: whole_of(chain, &reserve.symbol, reserve.borrowed),
            supply_apr_percent: percent(reserve.supply_rate, 27),
            borrow_apr_percent: percent(reserve.borrow_rate, 27),
            frozen: reserve.frozen,
            paused: reserve.paused,
            borrowing: reserve.borrowing,
            collateral: reserve.collateral,
        }
    }
}

impl MarketInfo {
    fn of(chain: ChainId, market: &LendingMarket) -> Self {
        Self {
            id: market.id,
            loan: market.loan.clone(),
            collateral: market.collateral.clone(),
            lltv_percent: percent(market.lltv, 18),
            supplied: whole_of(chain, &market.loan, market.supplied),
            borrowed: whole_of(chain, &market.loan, market.borrowed),
            supply_apr_percent: percent(market.supply_rate, 18),
            borrow_apr_percent: percent(market.borrow_rate, 18),
        }
    }
}

impl SpokePoolInfo {
    const fn of(pool: &SpokePool) -> Self {
        Self {
            address: pool.address,
            quote_buffer_secs: pool.quote_buffer_secs,
            fill_deadline_buffer_secs: pool.fill_deadline_buffer_secs,
            deposits: pool.deposits,
        }
    }
}

/// A rate scaled by ten to the power of `decimals` in percent, to three places.
fn percent(rate: U256, decimals: u8) -> String {
    whole(rate / U256::from(10).pow(U256::from(decimals - 5)), 3)
}

/// Base units of a token as a decimal of whole ones.
fn whole_of(chain: ChainId, symbol: &str, units: U256) -> String {
    whole(units, REGISTRY.token(chain, symbol).map_or(0, |token| token.decimals))
}

/// Base units as a decimal of whole tokens.
fn whole(units: U256, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let digits = format!("{units:0>width$}", width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let part = part.trim_end_matches('0');
    if part.is_empty() { whole.into() } else { format!("{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_units_read_as_whole_tokens() {
        let cases = [(1u64, 6, "0.000001"), (1_500_000, 6, "1.5"), (0, 18, "0"), (42, 0, "42")];
        for (units, decimals, want) in cases {
            assert_eq!(whole(U256::from(units), decimals), want);
        }
    }
}
