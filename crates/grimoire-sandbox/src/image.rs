//! A built chain as plain data, in one order only.
//!
//! What comes in: the accounts a dev chain left. What goes out: an [`Image`] that two builds of the same market make
//! alike to the byte. What it refuses to know: files, and how it is executed on.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, U256};
use grimoire_registry::ChainId;
use serde::{Deserialize, Serialize};

use crate::dev_chain::Accounts;

/// A built chain.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Image {
    pub(crate) facts: Facts,
    pub(crate) state: State,
}

/// What to know about a chain besides its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) chain: ChainId,
    pub(crate) number: u64,
    pub(crate) timestamp: u64,
    pub(crate) gas_limit: u64,
    pub(crate) base_fee: u64,
    pub(crate) priority_fee: u64,
    /// Symbols of the tokens that have a contract.
    pub(crate) tokens: Vec<String>,
    pub(crate) pools: Vec<Pool>,
    pub(crate) reserves: Vec<Reserve>,
    pub(crate) markets: Vec<LendingMarket>,
    pub(crate) spoke_pool: Option<SpokePool>,
    /// Accounts of the market by name.
    pub(crate) accounts: Vec<(String, Address)>,
}

/// A pool of Uniswap v3 as it was filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pool {
    pub(crate) address: Address,
    /// Symbols, in the order of the pool.
    pub(crate) pair: [String; 2],
    pub(crate) fee: u32,
    pub(crate) liquidity: u128,
    /// What the pool holds of either token, in base units.
    pub(crate) amounts: [U256; 2],
}

/// A reserve of Aave, as its contracts tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reserve {
    pub(crate) symbol: String,
    /// In base units.
    pub(crate) supplied: U256,
    /// In base units.
    pub(crate) borrowed: U256,
    /// What a supplier earns a year, scaled by 10^27.
    pub(crate) supply_rate: U256,
    /// What a borrower pays a year, scaled by 10^27.
    pub(crate) borrow_rate: U256,
    pub(crate) frozen: bool,
    pub(crate) paused: bool,
    pub(crate) borrowing: bool,
    pub(crate) collateral: bool,
}

/// A market of Morpho Blue, as its contracts tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LendingMarket {
    pub(crate) id: B256,
    /// Symbols.
    pub(crate) loan: String,
    pub(crate) collateral: String,
    /// Scaled by 10^18.
    pub(crate) lltv: U256,
    /// In base units of the loan token.
    pub(crate) supplied: U256,
    /// In base units of the loan token.
    pub(crate) borrowed: U256,
    /// What a lender earns a year, scaled by 10^18.
    pub(crate) supply_rate: U256,
    /// What a borrower pays a year, scaled by 10^18.
    pub(crate) borrow_rate: U256,
}

/// The spoke pool of Across.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SpokePool {
    pub(crate) address: Address,
    /// How old a quote may be.
    pub(crate) quote_buffer_secs: u32,
    /// How far ahead the end of a deposit may be.
    pub(crate) fill_deadline_buffer_secs: u32,
    pub(crate) deposits: u32,
}

/// Accounts, sorted by address, and the code they share.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) accounts: Vec<Account>,
    /// By hash, sorted.
    pub(crate) codes: Vec<(B256, Bytes)>,
}

/// One account.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) address: Address,
    pub(crate) balance: U256,
    pub(crate) nonce: u64,
    /// Which of the codes, for a contract.
    pub(crate) code: Option<usize>,
    /// Slots that are not zero, sorted.
    pub(crate) slots: Vec<(U256, U256)>,
}

impl State {
    /// Sorts what a dev chain left, and leaves out accounts that are empty.
    pub(crate) fn of(accounts: &Accounts) -> Self {
        let contracts: BTreeMap<B256, Bytes> =
            accounts.cache.contracts.iter().map(|(&hash, code)| (hash, code.original_bytes())).collect();
        let used: BTreeMap<B256, Bytes> =
            contracts.into_iter().filter(|(_, code)| !code.is_empty()).collect();
        let places: BTreeMap<B256, usize> =
            used.keys().enumerate().map(|(place, &hash)| (hash, place)).collect();
        let sorted: BTreeMap<_, _> = accounts.cache.accounts.iter().collect();
        let account = |(&address, account): (&Address, &revm::database::DbAccount)| {
            let slots: BTreeMap<U256, U256> = account.storage.iter().map(|(&k, &v)| (k, v)).collect();
            Account {
                address,
                balance: account.info.balance,
                nonce: account.info.nonce,
                code: places.get(&account.info.code_hash).copied(),
                slots: slots.into_iter().filter(|(_, value)| !value.is_zero()).collect(),
            }
        };
        let accounts = sorted.into_iter().map(account).filter(|account| !account.is_empty()).collect();
        Self { accounts, codes: used.into_iter().collect() }
    }
}

impl Account {
    fn is_empty(&self) -> bool {
        self.balance.is_zero() && self.nonce == 0 && self.code.is_none() && self.slots.is_empty()
    }
}
