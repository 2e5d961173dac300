//! The funds of the market's accounts.
//!
//! What comes in: the market's accounts, and a market maker who holds plenty of everything. What goes out: balances.
//! What it refuses to know: what accounts do with them.

use alloy_primitives::{Address, U256};

use crate::{
    book::{Book, Listed},
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, STAND_IN, account},
    progress::{Stage, Teller},
    tokens::Token,
};

/// Decimals of a native token.
const NATIVE: u8 = 18;

/// Endows the market maker, before anything is deployed.
pub(crate) fn endow_market_maker(chain: &mut DevChain, book: &Book) -> Result<(), SandboxError> {
    if let Some(native) = book.market.market_maker.native {
        chain.endow(account(MARKET_MAKER), book.units(native, NATIVE)?);
    }
    Ok(())
}

/// Gives every account its funds; the tokens come from the market maker. Returns the accounts by name.
pub(crate) fn fund(
    chain: &mut DevChain,
    book: &Book,
    teller: &mut Teller<'_>,
) -> Result<Vec<(String, Address)>, SandboxError> {
    let total = book.market.accounts.len();
    let mut named = vec![(MARKET_MAKER.to_owned(), account(MARKET_MAKER))];
    for (done, row) in book.market.accounts.iter().enumerate() {
        teller.tell(Stage::Accounts, done, total);
        let at = account(&row.name);
        if let Some(native) = row.funds.native {
            chain.endow(at, book.units(native, NATIVE)?);
        }
        if let Some(usd) = row.funds.usd_of_every_token {
            for listed in book.tokens() {
                let listed = listed?;
                give(chain, &listed, at, book.worth(usd, &listed)?)?;
            }
        }
        for (symbol, &amount) in &row.funds.tokens {
            let listed = book.token(symbol)?;
            give(chain, &listed, at, book.units(amount, listed.token.decimals)?)?;
        }
        named.push((row.name.clone(), at));
    }
    if named.iter().all(|(name, _)| name != STAND_IN) {
        return Err(book.wrong(format!("it has no account {STAND_IN}")));
    }
    teller.tell(Stage::Accounts, total, total);
    Ok(named)
}

fn give(chain: &mut DevChain, token: &Listed<'_>, to: Address, value: U256) -> Result<(), SandboxError> {
    chain.send_raw(account(MARKET_MAKER), token.address, U256::ZERO, &Token::transferCall { to, value })?;
    Ok(())
}
