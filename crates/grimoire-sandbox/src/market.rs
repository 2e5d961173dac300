//! The synthetic markets, one file per chain.
//!
//! What comes in: `market/`, compiled into the program. What goes out: a [`Market`] in the registry's terms. What it
//! refuses to know: the EVM, and how any of it is built.

use std::collections::BTreeMap;

use alloy_primitives::{Address, keccak256};
use grimoire_lang::Decimal;
use grimoire_registry::{ChainId, REGISTRY, Token};
use serde::Deserialize;

use crate::{SandboxError, exact};

/// The chains the sandbox has, with the text of their markets. A new chain is one file and one line.
pub(crate) const MARKETS: &[(ChainId, &str)] =
    &[(ChainId::Ethereum, include_str!("../market/ethereum.toml"))];

/// Deploys everything and holds all liquidity.
pub(crate) const MARKET_MAKER: &str = "market_maker";

/// Whose funds stand in when no wallet is given.
pub(crate) const STAND_IN: &str = "stand_in";

/// The market of one chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Market {
    pub(crate) tokens: Vec<TokenRow>,
    pub(crate) pools: Vec<PoolRow>,
    pub(crate) accounts: Vec<AccountRow>,
    pub(crate) market_maker: Funds,
    references: BTreeMap<String, Decimal>,
    pub(crate) block: BlockRow,
}

/// A token that has a contract.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRow {
    pub(crate) symbol: String,
    pub(crate) price: Decimal,
    #[serde(default)]
    pub(crate) contract: Contract,
}

/// The code that stands at a token's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Contract {
    /// An ERC-20 with permit that anyone may mint.
    #[default]
    Mintable,
    /// The wrapped native token.
    Weth9,
    /// USDT on ethereum: no return values, an approval must be taken back before it is changed.
    Tether,
    /// wstETH: tells its rate to stETH.
    WrappedStakedEther,
}

/// A pool of Uniswap v3 and its depth.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PoolRow {
    pub(crate) pair: [String; 2],
    pub(crate) fee: u16,
    pub(crate) side: Decimal,
    pub(crate) range_percent: Option<u32>,
}

/// An account and what it starts with.
#[derive(Debug, Deserialize)]
pub(crate) struct AccountRow {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) funds: Funds,
}

/// What an account starts with.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Funds {
    pub(crate) native: Option<Decimal>,
    pub(crate) usd_of_every_token: Option<Decimal>,
    pub(crate) tokens: BTreeMap<String, Decimal>,
}

/// The block every simulation runs in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlockRow {
    pub(crate) number: u64,
    pub(crate) timestamp: u64,
    pub(crate) gas_limit: u64,
    pub(crate) base_fee_gwei: Decimal,
    pub(crate) priority_fee_gwei: Decimal,
}

/// A market of a chain, with the registry behind its symbols.
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
    pub(crate) fn worth(
        &self,
        usd: Decimal,
        token: &Listed<'_>,
    ) -> Result<alloy_primitives::U256, SandboxError> {
        exact::ratio(usd, token.price, token.token.decimals)
            .ok_or_else(|| self.wrong(format!("{usd} dollars of {} are out of range", token.token.symbol)))
    }

    /// Whole tokens in base units.
    pub(crate) fn units(
        &self,
        amount: Decimal,
        decimals: u8,
    ) -> Result<alloy_primitives::U256, SandboxError> {
        exact::units(amount, decimals).ok_or_else(|| self.wrong(format!("{amount} is out of range")))
    }
}

/// The address of an account of the market: nobody holds a key of it.
pub(crate) fn account(name: &str) -> Address {
    Address::from_word(keccak256(format!("grimoire sandbox {name}")))
}
