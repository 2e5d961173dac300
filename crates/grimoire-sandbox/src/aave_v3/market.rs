//! What a market says of Aave.

use std::collections::BTreeMap;

use grimoire_lang::Decimal;
use serde::Deserialize;

use super::version::Version;

/// The reserves of a chain, and on which terms there are any.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Market {
    #[serde(default)]
    pub(super) version: Version,
    pub(super) reserves: Vec<ReserveRow>,
    pub(super) terms: BTreeMap<String, Terms>,
}

/// An asset, how much of it is there, and what is forbidden.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReserveRow {
    pub(super) symbol: String,
    pub(super) terms: String,
    pub(super) supply: Decimal,
    pub(super) borrowed: Option<Decimal>,
    #[serde(default)]
    pub(super) supply_cap: u64,
    #[serde(default)]
    pub(super) borrow_cap: u64,
    #[serde(default)]
    pub(super) flags: Vec<Flag>,
}

/// What a reserve does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Flag {
    /// No supply and no loan; withdrawing and repaying work.
    Frozen,
    /// Nothing at all.
    Paused,
    /// No loan.
    NoBorrowing,
}

/// The terms of reserves of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Terms {
    /// None: it secures no loan.
    pub(super) collateral: Option<Collateral>,
    pub(super) factor: u16,
    pub(super) optimal: Decimal,
    pub(super) slope1: Decimal,
    pub(super) slope2: Decimal,
}

/// How far an asset secures a loan, in basis points.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collateral {
    pub(super) ltv: u16,
    pub(super) threshold: u16,
    pub(super) bonus: u16,
}

/// What an account has, in whole tokens.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Position {
    pub(super) supply: BTreeMap<String, Decimal>,
    pub(super) borrow: BTreeMap<String, Decimal>,
}
