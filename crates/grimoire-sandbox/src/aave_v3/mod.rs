//! Aave V3: its contracts at the registry's addresses, then the market's reserves and what accounts have there.
//!
//! What comes in: the market's reserves, and tokens that are already deployed. What goes out: reserves with their
//! rates. What it refuses to know: plans. The market says which version of the code stands there.

mod abi;
mod version;
mod contracts;
mod market;
mod listing;
mod reserve;

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};
use grimoire_core::venue::aave_v3::deployment::Deployment;

use abi::DataProvider;
use market::{Market, Position, Terms};

use crate::{
    book::Book,
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    feeds,
    image::Reserve,
    market::{MARKET_MAKER, account},
    progress::{Stage, Teller},
    tokens::Token,
};

const SLUG: &str = "aave_v3";

/// Deploys the contracts and the reserves.
pub(crate) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<(), SandboxError> {
    let Some(market) = book.venue::<Market>(SLUG)? else { return Ok(()) };
    let sources = sources(chain, book, contracts, &market)?;
    let deployed = contracts::deploy(chain, book, contracts, market.version, sources)?;
    let mut strategies: BTreeMap<&str, (&Terms, Address)> = BTreeMap::new();
    for (name, terms) in &market.terms {
        let strategy = market.version.strategy(chain, book, contracts, &deployed, terms)?;
        strategies.insert(name, (terms, strategy));
    }
    let total = market.reserves.len();
    for (done, row) in market.reserves.iter().enumerate() {
        teller.tell(Stage::AaveV3, done, total);
        let terms = strategies.get(row.terms.as_str()).copied();
        let terms = terms.ok_or_else(|| book.wrong(format!("{} has no terms {}", row.symbol, row.terms)))?;
        reserve::list(chain, book, &deployed, row, terms)?;
    }
    // Loans come when all collateral is there.
    for row in &market.reserves {
        reserve::limit(chain, book, &deployed, row)?;
    }
    teller.tell(Stage::AaveV3, total, total);
    Ok(())
}

/// Gives accounts their positions: the market maker pays what they supply, and gets what they borrow.
pub(crate) fn take_positions(chain: &mut DevChain, book: &Book) -> Result<(), SandboxError> {
    let Some(at) = Deployment::of(book.chain) else { return Ok(()) };
    for position in book.positions::<Position>(SLUG) {
        let (who, position) = position?;
        for (symbol, &amount) in &position.supply {
            let token = book.token(symbol)?;
            let amount = book.units(amount, token.token.decimals)?;
            reserve::supply(chain, at.pool, token.address, amount, who)?;
        }
        for (symbol, &amount) in &position.borrow {
            let token = book.token(symbol)?;
            let amount = book.units(amount, token.token.decimals)?;
            reserve::borrow(chain, at.pool, token.address, amount, who)?;
            let spent = Token::transferCall { to: account(MARKET_MAKER), value: amount };
            chain.send_raw(who, token.address, U256::ZERO, &spent)?;
        }
    }
    Ok(())
}

/// The reserves as the contracts tell them.
pub(crate) fn reserves(chain: &DevChain, book: &Book) -> Result<Vec<Reserve>, SandboxError> {
    let (Some(market), Some(at)) = (book.venue::<Market>(SLUG)?, Deployment::of(book.chain)) else {
        return Ok(Vec::new());
    };
    let reserve = |row: &market::ReserveRow| {
        let (asset, of) = (book.token(&row.symbol)?.address, at.data_provider);
        let data = chain.view(of, &DataProvider::getReserveDataCall { asset })?;
        let terms = chain.view(of, &DataProvider::getReserveConfigurationDataCall { asset })?;
        Ok(Reserve {
            symbol: row.symbol.clone(),
            supplied: data.totalAToken,
            borrowed: data.totalVariableDebt,
            supply_rate: data.liquidityRate,
            borrow_rate: data.variableBorrowRate,
            frozen: terms.isFrozen,
            paused: chain.view(of, &DataProvider::getPausedCall { asset })?,
            borrowing: terms.borrowingEnabled,
            collateral: terms.usageAsCollateralEnabled,
        })
    };
    market.reserves.iter().map(reserve).collect()
}

/// The price feed of every asset, deployed where the registry has it.
fn sources(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    market: &Market,
) -> Result<Vec<(Address, Address)>, SandboxError> {
    let at = Deployment::of(book.chain);
    let mut sources = Vec::with_capacity(market.reserves.len());
    for row in &market.reserves {
        let token = book.token(&row.symbol)?;
        let reserve = at.and_then(|at| at.reserve(&row.symbol));
        let reserve = reserve.ok_or_else(|| book.wrong(format!("aave_v3 has no reserve {}", row.symbol)))?;
        feeds::in_dollars(chain, book, contracts, reserve.price_source, &token)?;
        sources.push((token.address, reserve.price_source));
    }
    Ok(sources)
}
