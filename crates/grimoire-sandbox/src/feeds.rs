//! Price feeds at the registry's addresses.
//!
//! What comes in: the registry's feeds by name, such as `CBETH / ETH`, and the market's prices. What goes out: a feed
//! for each name whose two sides have a price. What it refuses to know: who reads them.

use alloy_primitives::{Address, I256, U256};
use alloy_sol_types::SolValue;
use grimoire_lang::Decimal;
use grimoire_registry::REGISTRY;

use crate::{
    book::{Book, Listed},
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    exact,
    progress::{Stage, Teller},
};

/// Deploys the feeds. A token that the registry prices must find all its feeds here.
pub(crate) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<(), SandboxError> {
    let registry = REGISTRY.chain(book.chain);
    let total = registry.feeds.len();
    for (done, (name, &address)) in registry.feeds.iter().enumerate() {
        teller.tell(Stage::Feeds, done, total);
        let Some((decimals, answer)) = answer(book, name) else { continue };
        place(chain, book, contracts, address, name, (decimals, answer))?;
    }
    for token in &book.market.tokens {
        let feeds = registry.prices.get(&token.symbol).into_iter().flatten();
        let missing = feeds.filter_map(|name| registry.feeds.get(name)).find(|&&feed| !chain.has_code(feed));
        if let Some(feed) = missing {
            return Err(
                book.wrong(format!("{} is priced by the feed {feed}, which has no answer", token.symbol))
            );
        }
    }
    teller.tell(Stage::Feeds, total, total);
    Ok(())
}

/// Deploys a feed of a dollar price with 8 decimals, unless there is one at that address.
pub(crate) fn in_dollars(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    at: Address,
    token: &Listed<'_>,
) -> Result<(), SandboxError> {
    if chain.has_code(at) {
        return Ok(());
    }
    let name = format!("{} / USD", token.token.symbol);
    let answer = exact::units(token.price, 8).ok_or_else(|| book.wrong(format!("{name} is out of range")))?;
    place(chain, book, contracts, at, &name, (8, answer))
}

fn place(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    at: Address,
    name: &str,
    (decimals, answer): (u8, U256),
) -> Result<(), SandboxError> {
    let code = contracts.compiled("PriceFeed", &[])?;
    let answer = I256::try_from(answer).map_err(|_| book.wrong(format!("{name} is out of range")))?;
    let arguments = (U256::from(decimals), name.to_owned(), answer).abi_encode_params();
    chain.create(Some(at), name, code, &arguments)?;
    Ok(())
}

/// The decimals and the answer of a feed, unless a side of it has no price. Chainlink's feeds in dollars and bitcoin
/// have 8 decimals, those in ether and the rates of staked tokens 18.
fn answer(book: &Book, name: &str) -> Option<(u8, U256)> {
    let rate = || name.strip_suffix("_Exchange_Rate")?.split_once('_');
    let (base, quote) = name.split_once(" / ").or_else(rate)?;
    let decimals = if matches!(quote, "USD" | "BTC") { 8 } else { 18 };
    let quoted_in = if quote == "USD" { Decimal::new(1, 0) } else { book.price(quote)? };
    Some((decimals, exact::ratio(book.price(base)?, quoted_in, decimals)?))
}
