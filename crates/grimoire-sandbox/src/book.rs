//! A market with the registry behind its symbols.
//!
//! What comes in: a [`Market`] and the registry. What goes out: addresses, prices and amounts in base units, or what is
//! wrong with the market file. What it refuses to know: the EVM.

use alloy_primitives::{Address, U256};
use grimoire_lang::Decimal;
use grimoire_registry::{ChainId, REGISTRY, Token};

use crate::{
    error::SandboxError,
    exact,
    market::{Market, TokenRow},
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

    /// Whole tokens in base units.
    pub(crate) fn units(&self, amount: Decimal, decimals: u8) -> Result<U256, SandboxError> {
        exact::units(amount, decimals).ok_or_else(|| self.wrong(format!("{amount} is out of range")))
    }
}

#[cfg(test)]
mod tests {
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
            let symbols = book.market.pools.iter().flat_map(|pool| &pool.pair);
            let symbols =
                symbols.chain(book.market.accounts.iter().flat_map(|account| account.funds.tokens.keys()));
            for symbol in symbols {
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
    fn a_price_is_found_in_any_case() {
        let (chain, text) = ethereum();
        let book = Book::read(chain, text).expect("a market");
        let price = |name| book.price(name).map(|price| price.to_string());
        assert_eq!(price("STETH").as_deref(), Some("2500"));
        assert_eq!(price("wbtc").as_deref(), Some("100000"));
        assert_eq!(price("DOGE"), None);
    }
}
