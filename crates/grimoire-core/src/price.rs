//! Dollars, by the chain's own price feeds. What no feed prices has no price.

use std::collections::BTreeMap;

use alloy_primitives::{Address, I256, U256, U512, ruint::UintTryFrom as _};
use alloy_sol_types::sol;
use grimoire_registry::{REGISTRY, Token};

use crate::{
    amount::{Amount, ten_to},
    evm::{CallError, Machine, StateError},
};

sol! {
    /// Chainlink's aggregator.
    interface IFeed {
        function decimals() external view returns (uint8);
        function latestRoundData() external view
            returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }
    /// Lido's wrapped staked ether.
    interface IWstEth {
        function stEthPerToken() external view returns (uint256);
    }
}

/// A feed that was not updated for this long has no say: Chainlink's longest heartbeat is a day.
const MAX_AGE_SECS: u64 = 26 * 3_600;

/// Dollars a token: `value / 10^decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    value: U256,
    decimals: u8,
}

/// The feeds of one chain, each read once.
#[derive(Debug, Default)]
pub struct Prices {
    feeds: BTreeMap<Address, Option<Price>>,
}

impl Prices {
    /// The price of a token; none when no feed prices it, or a feed is missing, stale or not positive.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn of(&mut self, machine: &mut Machine, token: &Token) -> Result<Option<Price>, StateError> {
        let chain = REGISTRY.chain(machine.chain());
        let Some(sources) = chain.prices.get(&token.symbol) else { return Ok(None) };
        let mut price = Price { value: U256::ONE, decimals: 0 };
        for source in sources {
            let factor = match (chain.feeds.get(source), token.address) {
                (Some(&feed), _) => self.feed(machine, feed)?,
                (None, Some(at)) if source.ends_with(".stEthPerToken()") => {
                    known(machine.view(at, &IWstEth::stEthPerTokenCall {}))?
                        .filter(|value| !value.is_zero())
                        .map(|value| Price { value, decimals: 18 })
                }
                _ => None,
            };
            let product = factor.and_then(|f| {
                Some(Price {
                    value: price.value.checked_mul(f.value)?,
                    decimals: price.decimals.checked_add(f.decimals)?,
                })
            });
            match product {
                Some(product) => price = product,
                None => return Ok(None),
            }
        }
        Ok(Some(price))
    }

    fn feed(&mut self, machine: &mut Machine, at: Address) -> Result<Option<Price>, StateError> {
        if let Some(price) = self.feeds.get(&at) {
            return Ok(*price);
        }
        let price = if machine.has_code(at)? { read(machine, at)? } else { None };
        self.feeds.insert(at, price);
        Ok(price)
    }
}

fn read(machine: &mut Machine, at: Address) -> Result<Option<Price>, StateError> {
    let now = machine.block().timestamp;
    let Some(round) = known(machine.view(at, &IFeed::latestRoundDataCall {}))? else { return Ok(None) };
    let Some(decimals) = known(machine.view(at, &IFeed::decimalsCall {}))? else { return Ok(None) };
    let fresh = U256::from(now) <= round.updatedAt.saturating_add(U256::from(MAX_AGE_SECS));
    Ok((fresh && round.answer > I256::ZERO).then(|| Price { value: round.answer.unsigned_abs(), decimals }))
}

/// What a refusing or missing contract would have said is not known; an unreadable state is an error.
fn known<T>(result: Result<T, CallError>) -> Result<Option<T>, StateError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(CallError::State(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

impl Price {
    /// What an amount is worth.
    #[must_use]
    pub fn value(self, amount: Amount) -> Usd {
        let scale = unit(amount.decimals) * unit(self.decimals);
        Usd { micros: U512::from(amount.raw) * U512::from(self.value) * U512::from(MICROS) / scale }
    }

    /// How much of a token so many dollars buy, rounded down; none when it is out of range.
    #[must_use]
    pub fn amount(self, usd: Amount, decimals: u8) -> Option<Amount> {
        let raw = U512::from(usd.raw) * unit(decimals) * unit(self.decimals)
            / unit(usd.decimals)
            / U512::from(self.value);
        U256::uint_try_from(raw).ok().map(|raw| Amount::new(raw, decimals))
    }
}

const MICROS: u64 = 1_000_000;

fn unit(decimals: u8) -> U512 {
    ten_to(decimals).map_or(U512::MAX, U512::from)
}

/// An amount of dollars, to the millionth, rounded down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd {
    micros: U512,
}

impl Usd {
    /// Two decimals, rounded half up: `1.20`.
    #[must_use]
    pub fn cents(self) -> String {
        let cents = (self.micros + U512::from(5_000)) / U512::from(10_000);
        format!("{}.{:02}", cents / U512::from(100), cents % U512::from(100))
    }

    /// Two decimals; below a cent as many as it takes, so that something is never shown as nothing.
    #[must_use]
    pub fn exact(self) -> String {
        if self.micros >= U512::from(10_000) || self.micros.is_zero() {
            return self.cents();
        }
        Amount::new(self.micros.saturating_to(), 6).to_string()
    }

    /// For a person: `~$1.20`, `<$0.01`.
    #[must_use]
    pub fn about(self) -> String {
        if self.micros < U512::from(10_000) { "<$0.01".into() } else { format!("~${}", self.cents()) }
    }

    /// In millionths of a dollar.
    #[must_use]
    pub const fn micros(self) -> U512 {
        self.micros
    }
}

impl std::ops::Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { micros: self.micros.saturating_add(other.micros) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_exact_to_the_cent_and_small_sums_are_not_zero() {
        let eth = Price { value: U256::from(250_000_000_000u64), decimals: 8 };
        let amount = Amount::of("0.0399".parse().expect("a decimal"), 18).expect("fits");
        assert_eq!(eth.value(amount).cents(), "99.75");
        let dust = Amount::new(U256::from(1_000_000_000_000u64), 18);
        assert_eq!((eth.value(dust).about(), eth.value(dust).exact()), ("<$0.01".into(), "0.0025".into()));
        let fifty = Amount::of("50".parse().expect("a decimal"), 6).expect("fits");
        assert_eq!(eth.amount(fifty, 18).expect("fits").to_string(), "0.02");
    }
}
