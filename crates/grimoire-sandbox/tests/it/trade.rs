//! Quotes and swaps through one pool.

use crate::{
    evm::{Call, Evm},
    fixture::On,
};
use alloy_primitives::{
    U256,
    aliases::{U24, U160},
};
use alloy_sol_types::sol;

sol! {
    interface Erc20 {
        function approve(address spender, uint256 value) external;
        function balanceOf(address account) external view returns (uint256);
    }

    struct QuoteParams { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }

    interface Quoter {
        function quoteExactInputSingle(QuoteParams params) external returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 ticks, uint256 gasEstimate);
    }

    struct SwapParams { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }

    interface Router {
        function exactInputSingle(SwapParams params) external payable returns (uint256 amountOut);
    }
}

/// What a pool would pay.
pub(crate) fn quote(on: On, evm: &mut Evm, pair: [&str; 2], fee: u32, amount: U256) -> U256 {
    evm.ask(on.contract("uniswap_v3", "quoter_v2"), &quote_call(on, pair, fee, amount)).amountOut
}

/// What the quoter is asked.
pub(crate) fn quote_call(
    on: On,
    [from, to]: [&str; 2],
    fee: u32,
    amount: U256,
) -> Quoter::quoteExactInputSingleCall {
    let params = QuoteParams {
        tokenIn: on.token(from),
        tokenOut: on.token(to),
        amountIn: amount,
        fee: U24::from(fee),
        sqrtPriceLimitX96: U160::ZERO,
    };
    Quoter::quoteExactInputSingleCall { params }
}

/// Approve and swap.
pub(crate) fn swap(on: On, [from, to]: [&str; 2], fee: u32, amount: U256) -> [Call; 2] {
    let (user, router) = (on.account("stand_in"), on.contract("uniswap_v3", "swap_router_02"));
    let params = SwapParams {
        tokenIn: on.token(from),
        tokenOut: on.token(to),
        fee: U24::from(fee),
        recipient: user,
        amountIn: amount,
        amountOutMinimum: U256::ZERO,
        sqrtPriceLimitX96: U160::ZERO,
    };
    [
        Call::new(user, on.token(from), &Erc20::approveCall { spender: router, value: amount }),
        Call::new(user, router, &Router::exactInputSingleCall { params }),
    ]
}
