//! Quotes: what a route gives, by executing it in QuoterV2.

use alloy_primitives::{Address, U256, aliases::U160, uint};

use super::{abi::IQuoterV2, route::Route};
use crate::evm::{CallError, Machine, StateError};

/// Prices a swap stops at when the pool has no more to give (`TickMath`, one inside its bounds).
const LOWEST: U160 = uint!(4295128740_U160);
const HIGHEST: U160 = uint!(1461446703485210103287273052203988822378723970341_U160);

/// Which side is fixed, in smallest units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// So much goes in.
    In(U256),
    /// So much comes out.
    Out(U256),
}

impl Fixed {
    /// Another amount on the same side.
    #[must_use]
    pub const fn with(self, raw: U256) -> Self {
        match self {
            Self::In(_) => Self::In(raw),
            Self::Out(_) => Self::Out(raw),
        }
    }

    /// An amount of the other side as a score: more out is better, less in is better.
    #[must_use]
    pub(super) fn score(self, amount: U256) -> U256 {
        match self {
            // Half the range is kept below, so that gas beyond the output still tells routes apart.
            Self::In(_) => (U256::MAX >> 1_usize).saturating_add(amount),
            Self::Out(_) => U256::MAX - amount,
        }
    }
}

/// Gas a quote may use. A swap that needs more walks through an empty pool: it is not worth offering.
const QUOTE_GAS: u64 = 4_000_000;

/// What a route gives.
#[derive(Clone, Debug)]
pub struct Quote {
    /// The pools.
    pub route: Route,
    /// What goes in.
    pub amount_in: U256,
    /// What comes out.
    pub amount_out: U256,
    /// Gas of the swap, as the quoter saw it.
    pub gas: u64,
    /// Initialized ticks it crosses.
    pub ticks_crossed: u32,
}

impl Quote {
    /// Executes a route; none when its pools cannot fill the trade.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn of(
        machine: &mut Machine,
        quoter: Address,
        route: &Route,
        fixed: Fixed,
    ) -> Result<Option<Self>, StateError> {
        let quoted = match fixed {
            Fixed::In(amount_in) => {
                let call = IQuoterV2::quoteExactInputCall { path: route.path(), amountIn: amount_in };
                machine.view_within(quoter, &call, QUOTE_GAS).map(|q| {
                    let filled = !q.sqrtPriceX96AfterList.iter().any(|&p| p == LOWEST || p == HIGHEST);
                    (filled, amount_in, q.amountOut, q.gasEstimate, q.initializedTicksCrossedList)
                })
            }
            Fixed::Out(amount_out) => {
                let call =
                    IQuoterV2::quoteExactOutputCall { path: route.path_reversed(), amountOut: amount_out };
                machine
                    .view_within(quoter, &call, QUOTE_GAS)
                    .map(|q| (true, q.amountIn, amount_out, q.gasEstimate, q.initializedTicksCrossedList))
            }
        };
        let (filled, amount_in, amount_out, gas, ticks) = match quoted {
            Ok(quoted) => quoted,
            Err(CallError::State(error)) => return Err(error),
            Err(_) => return Ok(None),
        };
        if !filled || amount_in.is_zero() || amount_out.is_zero() {
            return Ok(None);
        }
        Ok(Some(Self {
            route: route.clone(),
            amount_in,
            amount_out,
            gas: gas.saturating_to(),
            ticks_crossed: ticks.iter().sum(),
        }))
    }
}
