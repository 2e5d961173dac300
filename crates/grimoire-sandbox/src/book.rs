//! A market with the registry behind its symbols.
//!
//! What comes in: a [`Market`] and the registry. What goes out: addresses, prices and amounts in base units, or what is
//! wrong with the market file. What it refuses to know: the EVM.

use alloy_primitives::{Address, U256};
use grimoire_lang::Decimal;
use grimoire_registry::{ChainId, REGISTRY, Token};

use crate::{
    SandboxError, exact,
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
