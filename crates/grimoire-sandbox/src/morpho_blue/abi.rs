//! What the recipe calls on Morpho Blue, as its contracts declare it.

use alloy_sol_types::sol;

sol! {
    #[derive(Debug)]
    struct MarketParams {
        address loanToken;
        address collateralToken;
        address oracle;
        address irm;
        uint256 lltv;
    }

    struct MarketState {
        uint128 totalSupplyAssets;
        uint128 totalSupplyShares;
        uint128 totalBorrowAssets;
        uint128 totalBorrowShares;
        uint128 lastUpdate;
        uint128 fee;
    }

    interface Morpho {
        function enableIrm(address irm) external;
        function enableLltv(uint256 lltv) external;
        function isLltvEnabled(uint256 lltv) external view returns (bool);
        function createMarket(MarketParams params) external;
        function supply(MarketParams params, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256 assetsSupplied, uint256 sharesSupplied);
        function supplyCollateral(MarketParams params, uint256 assets, address onBehalf, bytes data) external;
        function borrow(MarketParams params, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256 assetsBorrowed, uint256 sharesBorrowed);
        function market(bytes32 id) external view returns (MarketState state);
    }

    interface Irm {
        function borrowRateView(MarketParams params, MarketState state) external view returns (uint256 rate);
    }
}
