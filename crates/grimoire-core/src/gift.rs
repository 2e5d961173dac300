//! Tokens from nowhere: what a stand-in, or a relayer, must hold in a simulated state.

use alloy_primitives::{Address, B256, U256, keccak256};
use grimoire_registry::Token;

use crate::{
    evm::{Machine, StateError},
    token,
};

/// Mappings are declared early in a token: `balanceOf` stands in one of the first slots.
const SLOTS: u64 = 64;

/// Raises an account's balance to `amount` where it is lower; false when the token keeps balances some other way.
///
/// # Errors
/// When the state cannot be read.
pub fn raise(
    machine: &mut Machine,
    token: &Token,
    account: Address,
    amount: U256,
) -> Result<bool, StateError> {
    let Ok(held) = token::balance(machine, token, account) else { return Ok(false) };
    if held.raw >= amount {
        return Ok(true);
    }
    let Some(at) = token.address else {
        machine.set_native_balance(account, amount)?;
        return Ok(true);
    };
    for index in 0..SLOTS {
        let slot = slot(account, index);
        let old = machine.storage(at, slot)?;
        machine.store(at, slot, amount)?;
        // The right slot is the one whose change `balanceOf` reports.
        if token::balance(machine, token, account).is_ok_and(|held| held.raw == amount) {
            return Ok(true);
        }
        machine.store(at, slot, old)?;
    }
    Ok(false)
}

/// Where a mapping in slot `index` keeps the value of an account.
fn slot(account: Address, index: u64) -> U256 {
    let mut key = [0u8; 64];
    key[12..32].copy_from_slice(account.as_slice());
    key[32..].copy_from_slice(B256::from(U256::from(index)).as_slice());
    U256::from_be_bytes(keccak256(key).0)
}
