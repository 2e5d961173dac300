//! Reading a token: balances and allowances, from the contract or the native balance.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use grimoire_registry::{REGISTRY, Token};

use crate::{
    amount::Amount,
    block::Blocked,
    evm::{CallError, Machine},
};

sol! {
    /// ERC-20, the functions a plan needs. `approve` and `transfer` have no return value here:
    /// USDT gives none.
    interface IErc20 {
        function balanceOf(address owner) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        function approve(address spender, uint256 amount) external;
        function transfer(address to, uint256 amount) external;
    }
}

/// What an account holds of a token.
///
/// # Errors
/// When the token is not on this chain, or the state cannot be read.
pub fn balance(machine: &mut Machine, token: &Token, owner: Address) -> Result<Amount, CallError> {
    let raw = match token.address {
        None => machine.native_balance(owner)?,
        Some(at) => machine.view(at, &IErc20::balanceOfCall { owner })?,
    };
    Ok(Amount::new(raw, token.decimals))
}

/// How much of a token a spender may take from an account. The native token needs no approval.
///
/// # Errors
/// When the token is not on this chain, or the state cannot be read.
pub fn allowance(
    machine: &mut Machine,
    at: Address,
    owner: Address,
    spender: Address,
) -> Result<U256, CallError> {
    machine.view(at, &IErc20::allowanceCall { owner, spender })
}

/// Whether the token exists on the chain as it is, such as the sandbox's.
///
/// # Errors
/// When the state cannot be read.
pub fn exists(machine: &mut Machine, token: &Token) -> Result<bool, CallError> {
    Ok(match token.address {
        None => true,
        Some(at) => machine.has_code(at)?,
    })
}

/// The refusal of a token that does not exist on the chain as it is.
#[must_use]
pub fn not_here(token: &Token) -> Blocked {
    let message = format!("{} does not exist on this chain as it is simulated.", token.symbol);
    Blocked::new("token_not_on_chain", message)
}

/// The contract that trades for a token: its own, or the wrapped form's for the native token.
#[must_use]
pub fn contract(machine: &Machine, token: &Token) -> Address {
    let chain = machine.chain();
    token
        .address
        .or(REGISTRY.wrapped(chain).address)
        .expect("a test holds that wrapped tokens have addresses")
}
