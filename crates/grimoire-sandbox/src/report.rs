//! The facts of built chains as a report for people and programs.
//!
//! What comes in: facts, in base units. What goes out: [`Info`], in whole tokens and percent. What it refuses to know:
//! state.

use alloy_primitives::{Address, U256};
use grimoire_core::evm::Block;
use grimoire_registry::{ChainId, REGISTRY};

use crate::{
    image::{Facts, LendingMarket, Pool, Reserve, SpokePool},
    info::{AccountInfo, ChainInfo, Info, MarketInfo, PoolInfo, ReserveInfo, SpokePoolInfo},
};

/// What to know before using any of it.
const NOTICE: &str = "Prices, depth, rates and funds are invented. The contracts are third-party packages (GPL, MIT, BUSL; \
see contracts/LICENCES.md), installed for trials and tests only: neither they nor this chain may be shipped or served.";

impl Info {
    pub(crate) fn of(chains: impl Iterator<Item = ChainInfo>) -> Self {
        Self { chains: chains.collect(), notice: NOTICE }
    }
}

impl ChainInfo {
    pub(crate) fn of(facts: &Facts, block: &Block, snapshot_bytes: usize) -> Self {
        let token = |symbol: &String| Some((symbol.clone(), REGISTRY.token(facts.chain, symbol)?.address?));
        let account =
            |(name, address): &(String, Address)| AccountInfo { name: name.clone(), address: *address };
        Self {
            chain: facts.chain,
            block: block.number,
            hash: block.hash,
            timestamp: block.timestamp,
            base_fee: block.base_fee,
            priority_fee: block.priority_fee,
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
