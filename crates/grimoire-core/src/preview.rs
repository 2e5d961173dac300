//! What the person is shown: the plan, what executing it does, and whether it may be executed.
//!
//! Serialises to the `preview` object of the API. A value that is not known is null or absent, never guessed.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::{Serialize, Serializer};

use crate::{block::Blocked, evm::Origin, venue::Fact};

/// A simulated and judged plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// One sentence: what will be done.
    pub summary: String,
    /// `~$1.20`, or `<$0.01`; the whole plan, approvals included. Absent when it could not be measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gas_estimate: Option<String>,
    /// Against the route's mid price before the trade, LP fee included. `0.05%`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_impact: Option<String>,
    /// The tolerance that the minimum output was computed with. `0.2%`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slippage: Option<String>,
    /// Sentences for a person.
    pub warnings: Vec<String>,
    /// The same facts for a program, in the same order.
    pub warning_codes: Vec<String>,
    /// Whether the transactions below do exactly what was asked, as simulated.
    pub executable: bool,
    /// Why not, when not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocked>,
    /// What was understood.
    pub action_plan: ActionPlan,
    /// The unsigned transactions, in order; absent when not executable.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<Transaction>,
    /// What the account gains and loses, gas apart; measured from balances.
    pub balance_changes: Vec<BalanceChange>,
    /// Each action as it was built, and what it does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What execution costs.
    pub fees: Fees,
    /// How it was computed.
    pub simulation: Simulation,
    /// For each value of the plan, the words it came from, as byte offsets into that turn's message.
    pub provenance: BTreeMap<String, Provenance>,
    /// Unix seconds of chain time until which the transactions hold, their deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Time>,
}

/// The plan in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionPlan {
    /// The chain of the first action.
    pub chain: String,
    /// In order.
    pub actions: Vec<PlannedAction>,
    /// When it is to run.
    pub trigger: Trigger,
}

/// One action of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedAction {
    /// `swap`, `deposit` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Where, for actions that have a venue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// Its chain, where it is not the plan's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// The other values, canonical.
    pub params: serde_json::Map<String, serde_json::Value>,
}

/// When a plan runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trigger {
    /// When the person signs.
    Manual,
}

/// An unsigned transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transaction {
    /// EIP-155 id of its chain.
    pub chain_id: u64,
    /// The contract.
    #[serde(serialize_with = "checksummed")]
    pub to: Address,
    /// Calldata.
    pub data: Bytes,
    /// Wei sent along.
    pub value: U256,
    /// With head-room over what the simulation used.
    #[serde(serialize_with = "quantity")]
    pub gas_limit: u64,
    /// What it offers for a unit of gas at most, in wei (EIP-1559).
    #[serde(serialize_with = "quantity")]
    pub max_fee_per_gas: u128,
    /// The tip within that, in wei.
    #[serde(serialize_with = "quantity")]
    pub max_priority_fee_per_gas: u128,
    /// Which action it belongs to, counted from 0.
    pub action: usize,
    /// For a person.
    pub title: String,
}

/// A gain or loss of one token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BalanceChange {
    /// Chain id, such as `ethereum`.
    pub chain: String,
    /// Whose balance, where it is not the sender's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Registry symbol.
    pub token: String,
    /// `supplied`, `collateral` or `debt` where it is a position at a venue rather than a token in the wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<&'static str>,
    /// The venue that keeps the position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<&'static str>,
    /// The venue's market, where it has several of one token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub market: Option<B256>,
    /// Signed decimal: `-100`, `+0.0399`.
    pub amount: String,
    /// Signed dollars by the chain's price feed, two decimals; null without a feed.
    pub usd: Option<String>,
}

/// One action as it was built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which action, counted from 0.
    pub action: usize,
    /// One sentence with the amounts.
    pub title: String,
    /// What a person should know of it, labelled, most important first.
    pub facts: Vec<Fact>,
    /// The same for a program: route, fee tiers, expected and least output, rates, health factor …
    pub details: serde_json::Map<String, serde_json::Value>,
    /// What it changes by itself; measured from balances.
    pub balance_changes: Vec<BalanceChange>,
}

/// What execution costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fees {
    /// Gas the simulation used, all transactions.
    pub gas_units: Option<u64>,
    /// The same in dollars, two decimals, the L1 data fee left out; null without a price feed.
    pub gas_usd: Option<String>,
    /// The L1 data fee in dollars, two decimals; `0.00` on a chain without one.
    pub l1_data_usd: Option<String>,
    /// The same chain by chain, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chains: Vec<ChainFees>,
}

/// What execution costs on one chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainFees {
    /// Chain id, such as `ethereum`.
    pub chain: String,
    /// Gas the simulation used.
    pub gas_units: u64,
    /// The same in dollars, without the L1 data fee; null without a price feed.
    pub gas_usd: Option<String>,
    /// The L1 data fee in dollars.
    pub l1_data_usd: Option<String>,
}

/// How the preview was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Simulation {
    /// `success`, `reverted` or `not_run`.
    pub status: Status,
    /// What kind of chain.
    pub source: Origin,
    /// The block it is pinned to, on the chain of the first action.
    pub block: BlockRef,
    /// The blocks of all chains, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<ChainBlock>,
    /// Keccak-256 of chain, block and transactions; null when not executable.
    pub plan_hash: Option<B256>,
}

/// Outcome of the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every transaction succeeded.
    Success,
    /// One failed.
    Reverted,
    /// Something stood in the way before the first.
    NotRun,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BlockRef {
    /// Height.
    pub number: u64,
    /// Hash.
    pub hash: B256,
    /// Seconds since 1970.
    pub timestamp: u64,
}

/// A block and its chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainBlock {
    /// Chain id, such as `ethereum`.
    pub chain: String,
    /// The block.
    #[serde(flatten)]
    pub block: BlockRef,
}

/// The words behind a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Provenance {
    /// Said in a message.
    Words {
        /// Which message of the conversation, counted from 0.
        turn: u16,
        /// First byte of its UTF-8 text.
        start: u32,
        /// One past the last byte.
        end: u32,
    },
    /// Given otherwise: `answer`, `context`, or the name of the rule that set it.
    Given {
        /// Which.
        source: String,
    },
}

/// Seconds since 1970, written as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub u64);

impl std::fmt::Display for Time {
    /// Days to a date by the civil calendar (proleptic Gregorian, eras of 400 years).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (days, secs) = (self.0 / 86_400, self.0 % 86_400);
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let (hour, minute, second) = (secs / 3_600, secs / 60 % 60, secs % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn checksummed<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&address.to_checksum(None))
}

fn quantity<S: Serializer>(n: &impl std::fmt::LowerHex, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{n:#x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_as_rfc_3339() {
        for (secs, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
            (1_772_110_800, "2026-02-26T13:00:00Z"),
        ] {
            assert_eq!(Time(secs).to_string(), text);
        }
    }
}
