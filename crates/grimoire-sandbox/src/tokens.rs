//! Tokens at the registry's addresses, and the market maker's supply of them.
//!
//! What comes in: the market's tokens. What goes out: contracts with the registry's name, symbol and decimals. What
//! it refuses to know: who else holds them.

use alloy_primitives::U256;
use alloy_sol_types::{SolValue, sol};

use crate::{
    book::{Book, Listed},
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    exact,
    market::{Contract, MARKET_MAKER, account},
    progress::{Stage, Teller},
};

sol! {
    /// What tokens of the market answer to. `approve` and `transfer` of some return nothing: their output is not read.
    interface Token {
        function mint(address to, uint256 value) external;
        function approve(address spender, uint256 value) external;
        function transfer(address to, uint256 value) external;
        function symbol() external view returns (string);
    }

    interface WrappedNative {
        function deposit() external payable;
    }
}

const MINTABLE: &str = "@aave/core-v3/artifacts/contracts/mocks/tokens/MintableERC20.sol/MintableERC20.json";
const WETH9: &str = "canonical-weth/build/contracts/WETH9.json";

/// Deploys every token of the market and gives the market maker its supply.
pub(crate) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<(), SandboxError> {
    let total = book.market.tokens.len();
    for (done, listed) in book.tokens().enumerate() {
        let listed = listed?;
        teller.tell(Stage::Tokens, done, total);
        let code = match listed.row.contract {
            Contract::Mintable => contracts.package(MINTABLE, &[]),
            Contract::Weth9 => contracts.package(WETH9, &[]),
            Contract::Tether => contracts.compiled("TetherToken", &[]),
            Contract::WrappedStakedEther => contracts.compiled("WrappedStakedEther", &[]),
        }?;
        chain.create(Some(listed.address), &listed.token.symbol, code, &arguments(book, &listed)?)?;
        if listed.row.contract == Contract::Weth9 {
            name(chain, book, &listed)?;
        }
        supply(chain, book, &listed)?;
    }
    teller.tell(Stage::Tokens, total, total);
    Ok(())
}

/// The constructor's arguments. A `uint8` is encoded as the word it is.
fn arguments(book: &Book, listed: &Listed<'_>) -> Result<Vec<u8>, SandboxError> {
    let name = listed.token.name.clone();
    let symbol = listed.token.symbol.clone();
    let decimals = U256::from(listed.token.decimals);
    Ok(match listed.row.contract {
        Contract::Weth9 => Vec::new(),
        Contract::Mintable | Contract::Tether => (name, symbol, decimals).abi_encode_params(),
        Contract::WrappedStakedEther => {
            let rate = book.price("stETH").and_then(|base| exact::ratio(listed.price, base, 18));
            let rate = rate.ok_or_else(|| book.wrong(format!("{symbol} needs a price of stETH")))?;
            (name, symbol, decimals, rate).abi_encode_params()
        }
    })
}

/// WETH9 calls itself Wrapped Ether; where it wraps another token, its name goes to slot 0 and its symbol to slot 1.
fn name(chain: &mut DevChain, book: &Book, listed: &Listed<'_>) -> Result<(), SandboxError> {
    if chain.view(listed.address, &Token::symbolCall {})? == listed.token.symbol {
        return Ok(());
    }
    for (slot, text) in [(0, &listed.token.name), (1, &listed.token.symbol)] {
        let text = short_string(text).ok_or_else(|| book.wrong(format!("{text} is too long a name")))?;
        chain.store(listed.address, U256::from(slot), text);
    }
    Ok(())
}

/// A text as Solidity stores it in one slot: its bytes, and twice their number in the last.
fn short_string(text: &str) -> Option<U256> {
    let mut word = [0; 32];
    word[..31].get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    word[31] = u8::try_from(2 * text.len()).ok()?;
    Some(U256::from_be_bytes(word))
}

fn supply(chain: &mut DevChain, book: &Book, listed: &Listed<'_>) -> Result<(), SandboxError> {
    let Some(usd) = book.market.market_maker.usd_of_every_token else { return Ok(()) };
    let (maker, value) = (account(MARKET_MAKER), book.worth(usd, listed)?);
    match listed.row.contract {
        Contract::Weth9 => chain.send_raw(maker, listed.address, value, &WrappedNative::depositCall {})?,
        _ => chain.send_raw(maker, listed.address, U256::ZERO, &Token::mintCall { to: maker, value })?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_takes_one_slot() {
        let word = short_string("WPOL").expect("short");
        assert_eq!(word, U256::from_be_slice(b"WPOL") << 224 | U256::from(8));
        assert!(short_string(&"x".repeat(31)).is_some() && short_string(&"x".repeat(32)).is_none());
    }
}
