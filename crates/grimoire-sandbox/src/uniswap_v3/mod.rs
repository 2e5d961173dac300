//! Uniswap v3: its contracts at the registry's addresses, then the market's pools.
//!
//! What comes in: the market's pools and tokens that are already deployed. What goes out: pools with their depth. What
//! it refuses to know: swaps.

mod contracts;
mod pool;

use alloy_primitives::U256;
use grimoire_lang::Decimal;
use serde::Deserialize;

use crate::{
    book::Book,
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    image::Pool,
    market::{MARKET_MAKER, account},
    progress::{Stage, Teller},
    tokens::Token,
};

const SLUG: &str = "uniswap_v3";

/// What a market says of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Market {
    pools: Vec<PoolRow>,
}

/// A pool and its depth.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolRow {
    pair: [String; 2],
    fee: u16,
    side: Decimal,
    range_percent: Option<u32>,
}

/// Deploys the contracts, lets the position manager take the market maker's tokens, and fills the pools.
pub(crate) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<Vec<Pool>, SandboxError> {
    let Some(Market { pools: rows }) = book.venue(SLUG)? else { return Ok(Vec::new()) };
    let deployed = contracts::deploy(chain, book, contracts)?;
    for listed in book.tokens() {
        let all = Token::approveCall { spender: deployed.position_manager, value: U256::MAX };
        chain.send_raw(account(MARKET_MAKER), listed?.address, U256::ZERO, &all)?;
    }
    let total = rows.len();
    let mut pools = Vec::with_capacity(total);
    for (done, row) in rows.iter().enumerate() {
        teller.tell(Stage::UniswapV3, done, total);
        pools.push(pool::fill(chain, book, &deployed, row)?);
    }
    teller.tell(Stage::UniswapV3, total, total);
    Ok(pools)
}
