//! The functions of Morpho Blue, its rate model and its oracles that a plan reads and calls.

use alloy_sol_types::sol;

sol! {
    /// What makes a market; its id is the hash of this.
    struct MarketParams {
        address loanToken;
        address collateralToken;
        address oracle;
        address irm;
        uint256 lltv;
    }

    /// Totals of a market as of its last accrual.
    #[derive(Debug, Default)]
    struct MarketState {
        uint128 totalSupplyAssets;
        uint128 totalSupplyShares;
        uint128 totalBorrowAssets;
        uint128 totalBorrowShares;
        uint128 lastUpdate;
        uint128 fee;
    }

    /// What an account has in a market.
    #[derive(Debug, Default)]
    struct PositionState {
        uint256 supplyShares;
        uint128 borrowShares;
        uint128 collateral;
    }

    /// Every market.
    interface IMorpho {
        function supply(MarketParams params, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256, uint256);
        function withdraw(MarketParams params, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256 assets, uint256 shares);
        function borrow(MarketParams params, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256, uint256);
        function repay(MarketParams params, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256 assets, uint256 shares);
        function supplyCollateral(MarketParams params, uint256 assets, address onBehalf, bytes data) external;
        function withdrawCollateral(MarketParams params, uint256 assets, address onBehalf, address receiver) external;
        function accrueInterest(MarketParams params) external;
        function market(bytes32 id) external view returns (MarketState state);
        function position(bytes32 id, address user) external view returns (PositionState state);
    }

    /// The rate model.
    interface IIrm {
        function borrowRateView(MarketParams params, MarketState state) external view returns (uint256);
    }

    /// Loan tokens for one unit of collateral, scaled by 10^36.
    interface IOracle {
        function price() external view returns (uint256);
    }
}
