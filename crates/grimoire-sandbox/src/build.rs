//! A market made into a chain: the recipe, in order.
//!
//! What comes in: a market and the installed contracts. What goes out: an [`Image`]. What it refuses to know: where
//! images are kept.

use alloy_primitives::U256;

use crate::{
    aave_v3, accounts, across,
    book::Book,
    contracts::Contracts,
    data_fee,
    dev_chain::DevChain,
    error::SandboxError,
    feeds,
    image::{Facts, Image, State},
    market::{MARKET_MAKER, account},
    morpho_blue, multicall,
    progress::Teller,
    tokens, uniswap_v3,
};

/// What a build is made by: a change of any of these makes another chain of the same market.
pub(crate) const RECIPE: &[&str] = &[
    include_str!("aave_v3/abi.rs"),
    include_str!("aave_v3/contracts.rs"),
    include_str!("aave_v3/listing.rs"),
    include_str!("aave_v3/market.rs"),
    include_str!("aave_v3/mod.rs"),
    include_str!("aave_v3/reserve.rs"),
    include_str!("aave_v3/version.rs"),
    include_str!("accounts.rs"),
    include_str!("across/mod.rs"),
    include_str!("artifact.rs"),
    include_str!("book.rs"),
    include_str!("build.rs"),
    include_str!("data_fee.rs"),
    include_str!("dev_chain.rs"),
    include_str!("exact.rs"),
    include_str!("feeds.rs"),
    include_str!("image.rs"),
    include_str!("market.rs"),
    include_str!("morpho_blue/abi.rs"),
    include_str!("morpho_blue/market.rs"),
    include_str!("morpho_blue/mod.rs"),
    include_str!("morpho_blue/place.rs"),
    include_str!("multicall.rs"),
    include_str!("relocate.rs"),
    include_str!("tokens.rs"),
    include_str!("uniswap_v3/contracts.rs"),
    include_str!("uniswap_v3/mod.rs"),
    include_str!("uniswap_v3/pool.rs"),
];

/// Builds the chain of a market.
pub(crate) fn build(
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<Image, SandboxError> {
    let block = &book.market.block;
    let mut chain = DevChain::new(book.chain, block.number, block.timestamp, account(MARKET_MAKER));
    accounts::endow_market_maker(&mut chain, book)?;
    multicall::deploy(&mut chain, book, contracts)?;
    data_fee::deploy(&mut chain, book, contracts)?;
    tokens::deploy(&mut chain, book, contracts, teller)?;
    feeds::deploy(&mut chain, book, contracts, teller)?;
    let pools = uniswap_v3::deploy(&mut chain, book, contracts, teller)?;
    aave_v3::deploy(&mut chain, book, contracts, teller)?;
    morpho_blue::deploy(&mut chain, book, contracts, teller)?;
    across::deploy(&mut chain, book, contracts, teller)?;
    let accounts = accounts::fund(&mut chain, book, teller)?;
    aave_v3::take_positions(&mut chain, book)?;
    morpho_blue::take_positions(&mut chain, book)?;
    let wei = |gwei| -> Result<u64, SandboxError> {
        let wei: U256 = book.units(gwei, 9)?;
        u64::try_from(wei).map_err(|_| book.wrong(format!("a fee of {gwei} gwei is out of range")))
    };
    let facts = Facts {
        chain: book.chain,
        number: block.number,
        timestamp: block.timestamp,
        gas_limit: block.gas_limit,
        base_fee: wei(block.base_fee_gwei)?,
        priority_fee: wei(block.priority_fee_gwei)?,
        tokens: book.market.tokens.iter().map(|row| row.symbol.clone()).collect(),
        pools,
        reserves: aave_v3::reserves(&chain, book)?,
        markets: morpho_blue::markets(&chain, book)?,
        spoke_pool: across::spoke_pool(&chain, book)?,
        accounts,
    };
    Ok(Image { facts, state: State::of(&chain.into_accounts()) })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::RECIPE;

    #[test]
    fn every_file_of_a_recipe_folder_is_part_of_the_recipe() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let folders = fs::read_dir(source).expect("the folder").flatten().map(|entry| entry.path());
        let folders = folders.filter(|path| path.is_dir());
        let files = folders.flat_map(|folder| fs::read_dir(folder).expect("a folder")).flatten();
        let mut seen = 0;
        for file in files {
            let text = fs::read_to_string(file.path()).expect("a text");
            assert!(RECIPE.contains(&text.as_str()), "{} is not listed", file.path().display());
            seen += 1;
        }
        assert!(seen > 5);
    }
}
