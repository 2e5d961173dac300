//! The functions of Aave V3 that a plan reads and calls; the same in every version from 3.0 on unless said.

use alloy_sol_types::sol;

sol! {
    /// Takes supplies and gives loans.
    interface IPool {
        function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
        function withdraw(address asset, uint256 amount, address to) external returns (uint256);
        function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf) external;
        function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf) external returns (uint256);
        function setUserUseReserveAsCollateral(address asset, bool useAsCollateral) external;
        function getUserAccountData(address user) external view returns (
            uint256 totalCollateralBase, uint256 totalDebtBase, uint256 availableBorrowsBase,
            uint256 currentLiquidationThreshold, uint256 ltv, uint256 healthFactor
        );
        /// Since 3.1.
        function getVirtualUnderlyingBalance(address asset) external view returns (uint128);
    }

    /// Names the market's contracts.
    interface IAddressesProvider {
        function getPoolDataProvider() external view returns (address);
    }

    /// Flags, caps, rates and positions.
    interface IDataProvider {
        function getReserveConfigurationData(address asset) external view returns (
            uint256 decimals, uint256 ltv, uint256 liquidationThreshold, uint256 liquidationBonus,
            uint256 reserveFactor, bool usageAsCollateralEnabled, bool borrowingEnabled,
            bool stableBorrowRateEnabled, bool isActive, bool isFrozen
        );
        function getReserveCaps(address asset) external view returns (uint256 borrowCap, uint256 supplyCap);
        function getPaused(address asset) external view returns (bool isPaused);
        function getReserveData(address asset) external view returns (
            uint256 unbacked, uint256 accruedToTreasuryScaled, uint256 totalAToken, uint256 totalStableDebt,
            uint256 totalVariableDebt, uint256 liquidityRate, uint256 variableBorrowRate, uint256 stableBorrowRate,
            uint256 averageStableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex, uint40 lastUpdateTimestamp
        );
        function getUserReserveData(address asset, address user) external view returns (
            uint256 currentATokenBalance, uint256 currentStableDebt, uint256 currentVariableDebt,
            uint256 principalStableDebt, uint256 scaledVariableDebt, uint256 stableBorrowRate,
            uint256 liquidityRate, uint40 stableRateLastUpdated, bool usageAsCollateralEnabled
        );
    }

    /// Prices in dollars, 8 decimals.
    interface IOracle {
        function getAssetPrice(address asset) external view returns (uint256);
    }

    /// Takes and gives the native token.
    interface IGateway {
        function depositETH(address pool, address onBehalfOf, uint16 referralCode) external payable;
        function withdrawETH(address pool, uint256 amount, address to) external;
        function repayETH(address pool, uint256 amount, address onBehalfOf) external payable;
    }

    /// The gateway before 3.2: debts had two modes.
    interface IOldGateway {
        function repayETH(address pool, uint256 amount, uint256 rateMode, address onBehalfOf) external payable;
    }

    /// What the pool refuses with since 3.4; before, it says numbers.
    interface IErrors {
        error InvalidAmount();
        error ReserveInactive();
        error ReserveFrozen();
        error ReservePaused();
        error BorrowingNotEnabled();
        error NotEnoughAvailableUserBalance();
        error HealthFactorLowerThanLiquidationThreshold();
        error CollateralCannotCoverNewBorrow();
        error NoDebtOfSelectedType();
        error UnderlyingBalanceZero();
        error BorrowCapExceeded();
        error SupplyCapExceeded();
        error LtvValidationFailed();
        error AssetNotListed();
        error NotBorrowableInEMode();
        error UserHasAssetWithZeroLtv();
        error UserInIsolationModeOrLtvZero();
        error DebtCeilingExceeded();
        error AssetNotBorrowableInIsolation();
        error SiloedBorrowingViolation();
        error PriceOracleSentinelCheckFailed();
        error InvalidMintAmount();
        error InvalidBurnAmount();
    }
}

/// The only mode of debt there still is.
pub(super) const VARIABLE: u8 = 2;
