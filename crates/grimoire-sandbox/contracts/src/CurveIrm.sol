// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.19;

/// An interest rate model for Morpho Blue with the curve of its usual one: 4 % a year when nine tenths are borrowed, a
/// quarter of that when nothing is, four times as much when everything is. The curve stays where it is; the usual model
/// moves it with time.
contract CurveIrm {
    struct MarketParams {
        address loanToken;
        address collateralToken;
        address oracle;
        address irm;
        uint256 lltv;
    }

    struct Market {
        uint128 totalSupplyAssets;
        uint128 totalSupplyShares;
        uint128 totalBorrowAssets;
        uint128 totalBorrowShares;
        uint128 lastUpdate;
        uint128 fee;
    }

    uint256 private constant ONE = 1 ether;
    uint256 private constant TARGET = 0.9 ether;
    uint256 private constant STEEPNESS = 4;
    /// Interest per second at the target.
    uint256 private constant RATE_AT_TARGET = uint256(0.04 ether) / 365 days;

    function borrowRate(MarketParams calldata params, Market calldata market) external pure returns (uint256) {
        return borrowRateView(params, market);
    }

    /// What a second costs, scaled by 10^18.
    function borrowRateView(MarketParams calldata, Market calldata market) public pure returns (uint256) {
        uint256 supplied = market.totalSupplyAssets;
        uint256 utilisation = supplied == 0 ? 0 : (uint256(market.totalBorrowAssets) * ONE) / supplied;
        if (utilisation <= TARGET) {
            uint256 least = RATE_AT_TARGET / STEEPNESS;
            return least + ((RATE_AT_TARGET - least) * utilisation) / TARGET;
        }
        uint256 beyond = utilisation - TARGET;
        return RATE_AT_TARGET + (RATE_AT_TARGET * (STEEPNESS - 1) * beyond) / (ONE - TARGET);
    }
}
