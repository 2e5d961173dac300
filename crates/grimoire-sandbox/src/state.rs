//! The state of a built chain, as an EVM reads it.
//!
//! What comes in: an image. What goes out: lookups that never fail and never change. Code is analysed once, here, and
//! shared by everyone who runs it.

use std::collections::BTreeMap;

use alloy_primitives::{
    Address, B256, Bytes, U256, keccak256,
    map::{AddressMap, B256Map, U256Map},
};
use grimoire_core::evm::StateError;
use revm::{
    DatabaseRef,
    state::{AccountInfo, Bytecode},
};

use crate::image::State;

/// Accounts, code and storage.
pub(crate) struct ChainState {
    accounts: AddressMap<Entry>,
    codes: B256Map<Bytecode>,
}

/// An account and its storage.
pub(crate) struct Entry {
    pub(crate) info: AccountInfo,
    pub(crate) slots: U256Map<U256>,
}

impl ChainState {
    /// The state of an image.
    pub(crate) fn of(state: &State) -> Self {
        let analysed = |(hash, code): &(B256, Bytes)| (*hash, Bytecode::new_legacy(code.clone()));
        let codes: Vec<(B256, Bytecode)> = state.codes.iter().map(analysed).collect();
        let entry = |account: &crate::image::Account| {
            let mut info = AccountInfo::from_balance(account.balance);
            info.nonce = account.nonce;
            if let Some((hash, code)) = account.code.and_then(|place| codes.get(place)) {
                info.code_hash = *hash;
                info.code = Some(code.clone());
            }
            (account.address, Entry { info, slots: account.slots.iter().copied().collect() })
        };
        Self { accounts: state.accounts.iter().map(entry).collect(), codes: codes.into_iter().collect() }
    }

    /// Every account, sorted by address.
    pub(crate) fn sorted(&self) -> BTreeMap<&Address, &Entry> {
        self.accounts.iter().collect()
    }
}

impl DatabaseRef for ChainState {
    type Error = StateError;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, StateError> {
        Ok(self.accounts.get(&address).map(|entry| entry.info.clone()))
    }

    fn code_by_hash_ref(&self, hash: B256) -> Result<Bytecode, StateError> {
        Ok(self.codes.get(&hash).cloned().unwrap_or_default())
    }

    fn storage_ref(&self, address: Address, slot: U256) -> Result<U256, StateError> {
        Ok(self.accounts.get(&address).and_then(|entry| entry.slots.get(&slot)).copied().unwrap_or_default())
    }

    /// Blocks before the only one never were: their hashes are made of their numbers.
    fn block_hash_ref(&self, number: u64) -> Result<B256, StateError> {
        Ok(keccak256(number.to_be_bytes()))
    }
}
