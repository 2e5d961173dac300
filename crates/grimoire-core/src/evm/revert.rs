//! What a contract says when it refuses.

use std::fmt;

use alloy_primitives::Bytes;
use alloy_sol_types::{Panic, Revert as ErrorString, SolError, SolInterface, sol};

sol! {
    /// ERC-6093: the custom errors of ERC-20 tokens.
    interface Erc20Errors {
        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        error ERC20InvalidReceiver(address receiver);
    }
}

/// A contract may say anything: no more than this of it is shown.
const LONGEST_TEXT: usize = 200;

/// A refusal, decoded as far as its bytes allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revert {
    /// `Error(string)`: the contract's own words.
    Text(String),
    /// `Panic(uint256)`: a failed check of the compiler.
    Panic(u64),
    /// A custom error.
    Custom(Bytes),
    /// No data: WETH9, USDT, or no contract at the address.
    Empty,
}

impl Revert {
    /// Decodes the bytes a revert returned.
    #[must_use]
    pub fn decode(data: &Bytes) -> Self {
        if data.is_empty() {
            return Self::Empty;
        }
        if let Ok(error) = ErrorString::abi_decode(data) {
            return Self::Text(error.reason.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect());
        }
        if let Ok(panic) = Panic::abi_decode(data) {
            return Self::Panic(panic.code.saturating_to());
        }
        Self::Custom(data.clone())
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", token_sentence(text).unwrap_or(text)),
            Self::Panic(0x11) => f.write_str("an amount went below zero or out of range"),
            Self::Panic(0x12) => f.write_str("division by zero"),
            Self::Panic(code) => write!(f, "the contract failed a check of its own (panic {code:#04x})"),
            Self::Custom(data) => match Erc20Errors::Erc20ErrorsErrors::abi_decode(data) {
                Ok(Erc20Errors::Erc20ErrorsErrors::ERC20InsufficientBalance(_)) => {
                    f.write_str("the token balance is too small")
                }
                Ok(Erc20Errors::Erc20ErrorsErrors::ERC20InsufficientAllowance(_)) => {
                    f.write_str("the approval is missing or too small")
                }
                Ok(Erc20Errors::Erc20ErrorsErrors::ERC20InvalidReceiver(_)) => {
                    f.write_str("the token refuses this receiver")
                }
                Err(_) => write!(f, "the contract refused with error {}", data.slice(..data.len().min(4))),
            },
            Self::Empty => f.write_str("the contract refused without a reason"),
        }
    }
}

/// The words of common ERC-20 contracts as a sentence.
fn token_sentence(text: &str) -> Option<&'static str> {
    Some(match text {
        "ERC20: transfer amount exceeds balance" | "Dai/insufficient-balance" => {
            "the token balance is too small"
        }
        "ERC20: transfer amount exceeds allowance"
        | "ERC20: insufficient allowance"
        | "Dai/insufficient-allowance" => "the approval is missing or too small",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256, hex};

    use super::*;

    #[test]
    fn each_kind_of_refusal_has_its_sentence() {
        let text = |data: Vec<u8>| Revert::decode(&data.into()).to_string();
        assert_eq!(text(vec![]), "the contract refused without a reason");
        assert_eq!(text(ErrorString { reason: "STF".into() }.abi_encode()), "STF");
        let balance = "ERC20: transfer amount exceeds balance";
        assert_eq!(
            text(ErrorString { reason: balance.into() }.abi_encode()),
            "the token balance is too small"
        );
        assert_eq!(
            text(Panic { code: U256::from(0x11) }.abi_encode()),
            "an amount went below zero or out of range"
        );
        let error = Erc20Errors::ERC20InsufficientAllowance {
            spender: Address::ZERO,
            allowance: U256::ZERO,
            needed: U256::ONE,
        };
        assert_eq!(text(error.abi_encode()), "the approval is missing or too small");
        assert_eq!(text(hex!("f722177f").to_vec()), "the contract refused with error 0xf722177f");
    }
}
