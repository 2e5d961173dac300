//! What a market says of Morpho Blue.

use alloy_primitives::B256;
use grimoire_lang::Decimal;
use serde::Deserialize;

/// The markets of a chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Market {
    pub(super) markets: Vec<MarketRow>,
}

/// A market of the registry, and how much of the loan token is there, in whole tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarketRow {
    pub(super) id: B256,
    pub(super) supply: Decimal,
    pub(super) borrowed: Decimal,
}

/// What an account has.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Position {
    pub(super) lend: Vec<Loan>,
    pub(super) borrow: Vec<Debt>,
}

/// A loan the account has given, in whole tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Loan {
    pub(super) market: B256,
    pub(super) amount: Decimal,
}

/// A loan the account has taken against collateral, in whole tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Debt {
    pub(super) market: B256,
    pub(super) collateral: Decimal,
    pub(super) amount: Decimal,
}
