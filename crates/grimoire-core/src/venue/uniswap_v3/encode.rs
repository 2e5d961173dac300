//! Calldata for SwapRouter02.

use alloy_primitives::{
    Address, Bytes, U256, address,
    aliases::{U24, U160},
};
use alloy_sol_types::SolCall;

use super::{abi::ISwapRouter02 as Router, quote::Fixed, route::Route};

/// The router's name for itself as recipient: what it unwraps must come to it first.
const ROUTER_ITSELF: Address = address!("0000000000000000000000000000000000000002");

/// The router's name for whoever sends the transaction.
const SENDER: Address = address!("0000000000000000000000000000000000000001");

/// A swap for the router.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The pools.
    pub route: &'a Route,
    /// Which side is fixed.
    pub fixed: Fixed,
    /// The least out with a fixed input, the most in with a fixed output.
    pub bound: U256,
    /// The native token goes in: it is sent along and wrapped by the router.
    pub native_in: bool,
    /// The native token comes out: the router unwraps it.
    pub native_out: bool,
    /// Who gets what comes out; whoever signs, when it is none.
    pub recipient: Option<Address>,
    /// Chain time after which it fails.
    pub deadline: u64,
}

impl Order<'_> {
    /// The router call.
    #[must_use]
    pub fn call(&self) -> Router::multicallCall {
        let mut data = vec![self.swap()];
        if self.native_out {
            let amount = match self.fixed {
                Fixed::In(_) => self.bound,
                Fixed::Out(amount_out) => amount_out,
            };
            data.push(self.unwrap(amount));
        }
        if self.native_in && matches!(self.fixed, Fixed::Out(_)) {
            data.push(Router::refundETHCall {}.abi_encode().into());
        }
        Router::multicallCall { deadline: U256::from(self.deadline), data }
    }

    /// Wei to send along.
    #[must_use]
    pub fn value(&self) -> U256 {
        match self.fixed {
            _ if !self.native_in => U256::ZERO,
            Fixed::In(amount_in) => amount_in,
            Fixed::Out(_) => self.bound,
        }
    }

    fn unwrap(&self, least: U256) -> Bytes {
        match self.recipient {
            Some(recipient) => Router::unwrapWETH9_0Call { amountMinimum: least, recipient }.abi_encode(),
            None => Router::unwrapWETH9_1Call { amountMinimum: least }.abi_encode(),
        }
        .into()
    }

    fn swap(&self) -> Bytes {
        let recipient = if self.native_out { ROUTER_ITSELF } else { self.recipient.unwrap_or(SENDER) };
        let data = match (self.fixed, self.route.0.as_slice()) {
            (Fixed::In(amount), [hop]) => Router::exactInputSingleCall {
                params: Router::ExactInputSingleParams {
                    tokenIn: hop.from,
                    tokenOut: hop.to,
                    fee: U24::from(hop.fee),
                    recipient,
                    amountIn: amount,
                    amountOutMinimum: self.bound,
                    sqrtPriceLimitX96: U160::ZERO,
                },
            }
            .abi_encode(),
            (Fixed::In(amount), _) => Router::exactInputCall {
                params: Router::ExactInputParams {
                    path: self.route.path(),
                    recipient,
                    amountIn: amount,
                    amountOutMinimum: self.bound,
                },
            }
            .abi_encode(),
            (Fixed::Out(amount), [hop]) => Router::exactOutputSingleCall {
                params: Router::ExactOutputSingleParams {
                    tokenIn: hop.from,
                    tokenOut: hop.to,
                    fee: U24::from(hop.fee),
                    recipient,
                    amountOut: amount,
                    amountInMaximum: self.bound,
                    sqrtPriceLimitX96: U160::ZERO,
                },
            }
            .abi_encode(),
            (Fixed::Out(amount), _) => Router::exactOutputCall {
                params: Router::ExactOutputParams {
                    path: self.route.path_reversed(),
                    recipient,
                    amountOut: amount,
                    amountInMaximum: self.bound,
                },
            }
            .abi_encode(),
        };
        data.into()
    }
}
