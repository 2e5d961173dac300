//! One reserve: listed on its terms, supplied and borrowed from by the market maker, then limited.

use alloy_primitives::{Address, U256};

use super::{
    abi::{Configurator, Pool},
    contracts::Deployed,
    market::{Flag, ReserveRow, Terms},
};
use crate::{
    book::Book,
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, account},
    tokens::Token,
};

/// Interest that moves with the market: the only kind of loan that is used.
const VARIABLE: U256 = U256::from_limbs([2, 0, 0, 0]);

/// Lists an asset on its terms and supplies it.
pub(super) fn list(
    chain: &mut DevChain,
    book: &Book,
    deployed: &Deployed,
    row: &ReserveRow,
    terms_and_rates: (&Terms, Address),
) -> Result<(), SandboxError> {
    let (maker, listed) = (account(MARKET_MAKER), book.token(&row.symbol)?);
    let reserve = deployed.at.reserve(&row.symbol);
    let reserve = reserve.ok_or_else(|| book.wrong(format!("aave_v3 has no reserve {}", row.symbol)))?;
    let places = [reserve.a_token, reserve.variable_debt];
    deployed.version.init(chain, book, deployed, &listed, terms_and_rates, places)?;

    let (configurator, asset) = (deployed.configurator, listed.address);
    let (terms, _) = terms_and_rates;
    if let Some(collateral) = terms.collateral {
        let [ltv, threshold, bonus] =
            [collateral.ltv, collateral.threshold, collateral.bonus].map(U256::from);
        let secures = Configurator::configureReserveAsCollateralCall {
            asset,
            ltv,
            liquidationThreshold: threshold,
            liquidationBonus: bonus,
        };
        chain.send(maker, configurator, &secures)?;
    }
    let factor = Configurator::setReserveFactorCall { asset, newReserveFactor: U256::from(terms.factor) };
    chain.send(maker, configurator, &factor)?;
    chain.send(maker, configurator, &Configurator::setReserveBorrowingCall { asset, enabled: true })?;

    let all = Token::approveCall { spender: deployed.at.pool, value: U256::MAX };
    chain.send_raw(maker, asset, U256::ZERO, &all)?;
    let amount = book.units(row.supply, listed.token.decimals)?;
    supply(chain, deployed.at.pool, asset, amount, maker)
}

/// Borrows from a reserve, then forbids what the market forbids.
pub(super) fn limit(
    chain: &mut DevChain,
    book: &Book,
    deployed: &Deployed,
    row: &ReserveRow,
) -> Result<(), SandboxError> {
    let (maker, listed, configurator) =
        (account(MARKET_MAKER), book.token(&row.symbol)?, deployed.configurator);
    let asset = listed.address;
    if let Some(borrowed) = row.borrowed {
        let amount = book.units(borrowed, listed.token.decimals)?;
        borrow(chain, deployed.at.pool, asset, amount, maker)?;
    }
    let caps = [row.supply_cap, row.borrow_cap].map(U256::from);
    chain.send(maker, configurator, &Configurator::setSupplyCapCall { asset, newSupplyCap: caps[0] })?;
    chain.send(maker, configurator, &Configurator::setBorrowCapCall { asset, newBorrowCap: caps[1] })?;
    for flag in &row.flags {
        forbid(chain, configurator, asset, *flag)?;
    }
    Ok(())
}

fn forbid(
    chain: &mut DevChain,
    configurator: Address,
    asset: Address,
    flag: Flag,
) -> Result<(), SandboxError> {
    let maker = account(MARKET_MAKER);
    match flag {
        Flag::Frozen => {
            let freeze = Configurator::setReserveFreezeCall { asset, freeze: true };
            chain.send(maker, configurator, &freeze)?;
        }
        Flag::Paused => {
            let pause = Configurator::setReservePauseCall { asset, paused: true };
            chain.send(maker, configurator, &pause)?;
        }
        Flag::NoBorrowing => {
            let stop = Configurator::setReserveBorrowingCall { asset, enabled: false };
            chain.send(maker, configurator, &stop)?;
        }
    }
    Ok(())
}

/// Supplies what the market maker has for an account.
pub(super) fn supply(
    chain: &mut DevChain,
    pool: Address,
    asset: Address,
    amount: U256,
    account_of: Address,
) -> Result<(), SandboxError> {
    let call = Pool::supplyCall { asset, amount, onBehalfOf: account_of, referralCode: 0 };
    chain.send_raw(account(MARKET_MAKER), pool, U256::ZERO, &call)?;
    Ok(())
}

/// Borrows as an account.
pub(super) fn borrow(
    chain: &mut DevChain,
    pool: Address,
    asset: Address,
    amount: U256,
    who: Address,
) -> Result<(), SandboxError> {
    let call =
        Pool::borrowCall { asset, amount, interestRateMode: VARIABLE, referralCode: 0, onBehalfOf: who };
    chain.send_raw(who, pool, U256::ZERO, &call)?;
    Ok(())
}
