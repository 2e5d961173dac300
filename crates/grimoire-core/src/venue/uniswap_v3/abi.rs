//! Uniswap V3 as its contracts declare it: SwapRouter02, QuoterV2, the pool.

use alloy_sol_types::sol;

sol! {
    /// Periphery: SwapRouter02. Its structs have no deadline; `multicall(deadline, data)` has.
    interface ISwapRouter02 {
        struct ExactInputSingleParams {
            address tokenIn;
            address tokenOut;
            uint24 fee;
            address recipient;
            uint256 amountIn;
            uint256 amountOutMinimum;
            uint160 sqrtPriceLimitX96;
        }
        struct ExactInputParams {
            bytes path;
            address recipient;
            uint256 amountIn;
            uint256 amountOutMinimum;
        }
        struct ExactOutputSingleParams {
            address tokenIn;
            address tokenOut;
            uint24 fee;
            address recipient;
            uint256 amountOut;
            uint256 amountInMaximum;
            uint160 sqrtPriceLimitX96;
        }
        struct ExactOutputParams {
            bytes path;
            address recipient;
            uint256 amountOut;
            uint256 amountInMaximum;
        }
        function multicall(uint256 deadline, bytes[] data) external payable returns (bytes[] results);
        function exactInputSingle(ExactInputSingleParams params) external payable returns (uint256 amountOut);
        function exactInput(ExactInputParams params) external payable returns (uint256 amountOut);
        function exactOutputSingle(ExactOutputSingleParams params) external payable returns (uint256 amountIn);
        function exactOutput(ExactOutputParams params) external payable returns (uint256 amountIn);
        function unwrapWETH9(uint256 amountMinimum, address recipient) external payable;
        function unwrapWETH9(uint256 amountMinimum) external payable;
        function refundETH() external payable;
    }

    /// Periphery: QuoterV2. Not a view: it swaps and reverts.
    interface IQuoterV2 {
        function quoteExactInput(bytes path, uint256 amountIn) external returns (
            uint256 amountOut,
            uint160[] sqrtPriceX96AfterList,
            uint32[] initializedTicksCrossedList,
            uint256 gasEstimate
        );
        function quoteExactOutput(bytes path, uint256 amountOut) external returns (
            uint256 amountIn,
            uint160[] sqrtPriceX96AfterList,
            uint32[] initializedTicksCrossedList,
            uint256 gasEstimate
        );
    }

    /// Core: a pool.
    interface IUniswapV3Pool {
        function slot0() external view returns (
            uint160 sqrtPriceX96,
            int24 tick,
            uint16 observationIndex,
            uint16 observationCardinality,
            uint16 observationCardinalityNext,
            uint8 feeProtocol,
            bool unlocked
        );
        function factory() external view returns (address);
    }
}
