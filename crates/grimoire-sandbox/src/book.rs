//! A market with the registry behind its symbols.
//!
//! What comes in: a [`Market`] and the registry. What goes out: addresses, prices and amounts in base units, or what is
//! wrong with the market file. What it refuses to know: the EVM.

use alloy_primitives::{Address, U256};
use grimoire_lang::Decimal;
use grimoire_registry::{ChainId, REGISTRY, Token};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::{
    error::SandboxError,
    exact,
    market::{AccountRow, Market, TokenRow, account},
};

/// The market of a chain.
pub(crate) struct Book {
    pub(crate) chain: ChainId,
    pub(crate) market: Market,
}

/// A token of the market as contracts know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) token: &'static Token,
    pub(crate) address: Address,
    pub(crate) price: Decimal,
    pub(crate) row: &'a TokenRow,
}

impl Book {
    /// Reads a market file.
    pub(crate) fn read(chain: ChainId, text: &str) -> Result<Self, SandboxError> {
        let market = toml::from_str(text).map_err(|e| SandboxError::Market { chain, why: e.to_string() })?;
        Ok(Self { chain, market })
    }

    /// The market file is wrong.
    pub(crate) fn wrong(&self, why: impl Into<String>) -> SandboxError {
        SandboxError::Market { chain: self.chain, why: why.into() }
    }

    /// The tokens in the order of the file.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Result<Listed<'_>, SandboxError>> {
        self.market.tokens.iter().map(|row| self.listed(row))
    }

    /// What there is at a venue, as its recipe reads it; none where the market says nothing of it.
    pub(crate) fn venue<T: DeserializeOwned>(&self, slug: &str) -> Result<Option<T>, SandboxError> {
        let table = self.market.venues.get(slug);
        table.map(|table| self.part(slug, table)).transpose()
    }

    /// What accounts have at a venue, as its recipe reads it.
    pub(crate) fn positions<T: DeserializeOwned>(
        &self,
        slug: &str,
    ) -> impl Iterator<Item = Result<(Address, T), SandboxError>> {
        let at = move |row: &AccountRow| {
            let position = self.part(&format!("{} at {slug}", row.name), row.positions.get(slug)?);
            Some(position.map(|position| (account(&row.name), position)))
        };
        self.market.accounts.iter().filter_map(at)
    }

    fn part<T: DeserializeOwned>(&self, name: &str, table: &Table) -> Result<T, SandboxError> {
        Value::Table(table.clone()).try_into().map_err(|e| self.wrong(format!("{name}: {e}")))
    }

    /// The token of that symbol.
    pub(crate) fn token(&self, symbol: &str) -> Result<Listed<'_>, SandboxError> {
        let row = self.market.tokens.iter().find(|row| row.symbol == symbol);
        self.listed(row.ok_or_else(|| self.wrong(format!("{symbol} is not among its tokens")))?)
    }

    fn listed<'a>(&self, row: &'a TokenRow) -> Result<Listed<'a>, SandboxError> {
        let token = REGISTRY.token(self.chain, &row.symbol);
        let token = token.ok_or_else(|| self.wrong(format!("{} is not in the registry", row.symbol)))?;
        let address = token.address.ok_or_else(|| self.wrong(format!("{} has no contract", row.symbol)))?;
        if row.price.is_zero() {
            return Err(self.wrong(format!("{} has no price", row.symbol)));
        }
        Ok(Listed { token, address, price: row.price, row })
    }

    /// The dollar price of a token or a reference, by its name in any case.
    pub(crate) fn price(&self, name: &str) -> Option<Decimal> {
        let token = self.market.tokens.iter().find(|row| row.symbol.eq_ignore_ascii_case(name));
        let reference = || self.market.references.iter().find(|(r, _)| r.eq_ignore_ascii_case(name));
        token.map(|row| row.price).or_else(|| reference().map(|(_, &price)| price))
    }

    /// Dollars' worth of a token, in base units.
    pub(crate) fn worth(&self, usd: Decimal, token: &Listed<'_>) -> Result<U256, SandboxError> {
        exact::ratio(usd, token.price, token.token.decimals)
            .ok_or_else(|| self.wrong(format!("{usd} dollars of {} are out of range", token.token.symbol)))
    }

    /// The wrapped native token's contract.
    pub(crate) fn wrapped(&self) -> Result<Address, SandboxError> {
        let wrapped = REGISTRY.wrapped(self.chain);
        wrapped.address.ok_or_else(|| self.wrong(format!("{} has no contract", wrapped.symbol)))
    }

    /// A percentage with `decimals` decimals: 5.5 is 0.055.
    pub(crate) fn percent(&self, percent: Decimal, decimals: u8) -> Result<U256, SandboxError> {
        let share = exact::ratio(percent, Decimal::new(100, 0), decimals);
        share.ok_or_else(|| self.wrong(format!("{percent} % is out of range")))
    }

    /// Whole tokens in base units.
    pub(crate) fn units(&self, amount: Decimal, decimals: u8) -> Result<U256, SandboxError> {
        exact::units(amount, decimals).ok_or_else(|| self.wrong(format!("{amount} is out of range")))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::market::MARKETS;

    fn ethereum() -> (ChainId, &'static str) {
        MARKETS[0]
    }

    fn refused(change: impl FnOnce(&str) -> String) -> String {
        let (chain, text) = ethereum();
        let why = match Book::read(chain, &change(text)) {
            Ok(book) => book.tokens().find_map(Result::err),
            Err(why) => Some(why),
        };
        why.expect("a market that is wrong").to_string()
    }

    #[test]
    fn every_market_reads_and_every_symbol_of_it_is_registered() {
        for &(chain, text) in MARKETS {
            let book = Book::read(chain, text).unwrap_or_else(|why| panic!("{why}"));
            for symbol in book.market.accounts.iter().flat_map(|account| account.funds.tokens.keys()) {
                book.token(symbol).unwrap_or_else(|why| panic!("{why}"));
            }
            assert!(book.tokens().all(|listed| listed.is_ok()));
        }
    }

    #[test]
    fn a_market_that_is_wrong_says_why() {
        let unknown = refused(|text| text.replace("\"LDO\", price", "\"LDOO\", price"));
        assert_eq!(unknown, "the market of ethereum is wrong: LDOO is not in the registry");
        let native = refused(|text| text.replace("\"LDO\", price", "\"ETH\", price"));
        assert_eq!(native, "the market of ethereum is wrong: ETH has no contract");
        let free = refused(|text| text.replace("\"LDO\", price = \"1\"", "\"LDO\", price = \"0\""));
        assert_eq!(free, "the market of ethereum is wrong: LDO has no price");
        assert!(refused(|text| text.replace("funds = { native", "funds = { nativ")).contains("nativ"));
        assert!(refused(|text| text.replace("price = \"15\"", "price = 15.5")).contains("15.5"));
    }

    #[test]
    fn a_recipe_reads_its_own_part() {
        #[derive(Debug, serde::Deserialize)]
        struct Part {
            pools: Vec<Table>,
        }
        let (chain, text) = ethereum();
        let book = Book::read(chain, text).expect("a market");
        let part = book.venue::<Part>("uniswap_v3").expect("it reads");
        assert_eq!(part.map(|part| part.pools.len()), Some(26));
        assert!(book.venue::<Part>("nowhere").expect("nothing to read").is_none());
        let why = book.venue::<BTreeMap<String, bool>>("uniswap_v3").expect_err("pools are no flags");
        assert!(why.to_string().starts_with("the market of ethereum is wrong: uniswap_v3: "), "{why}");
    }

    #[test]
    fn a_price_is_found_in_any_case() {
        let (chain, text) = ethereum();
        let book = Book::read(chain, text).expect("a market");
        let price = |name| book.price(name).map(|price| price.to_string());
        assert_eq!(price("STETH").as_deref(), Some("2500"));
        assert_eq!(price("wbtc").as_deref(), Some("100000"));
        assert_eq!(price("DOGE"), None);
    }
}
