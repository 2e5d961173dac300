//! Aave on the sandbox stands at the registry's addresses, with the market's prices.

mod actions;
mod rates;

use alloy_primitives::{Address, U256, utils::parse_units};
use alloy_sol_types::sol;
use grimoire_core::venue::aave_v3::deployment::Deployment;
use grimoire_registry::{ChainId, REGISTRY};

use crate::{
    evm::{Call, Evm},
    fixture::On,
};

sol! {
    interface Erc20 {
        function approve(address spender, uint256 value) external;
        function transfer(address to, uint256 value) external;
        function balanceOf(address account) external view returns (uint256);
        function symbol() external view returns (string);
        function decimals() external view returns (uint8);
        function UNDERLYING_ASSET_ADDRESS() external view returns (address);
        function POOL() external view returns (address);
    }

    interface Provider {
        function getPool() external view returns (address);
        function getPriceOracle() external view returns (address);
        function getPoolDataProvider() external view returns (address);
    }

    interface Pool {
        function ADDRESSES_PROVIDER() external view returns (address);
        function POOL_REVISION() external view returns (uint256);
        function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
        function withdraw(address asset, uint256 amount, address to) external returns (uint256 paid);
        function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf) external;
        function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf) external returns (uint256 paid);
        function getUserAccountData(address user) external view returns (uint256 totalCollateralBase, uint256 totalDebtBase, uint256 availableBorrowsBase, uint256 currentLiquidationThreshold, uint256 ltv, uint256 healthFactor);
    }

    interface Data {
        function getReserveTokensAddresses(address asset) external view returns (address aTokenAddress, address stableDebtTokenAddress, address variableDebtTokenAddress);
        function getReserveData(address asset) external view returns (uint256 unbacked, uint256 accruedToTreasuryScaled, uint256 totalAToken, uint256 totalStableDebt, uint256 totalVariableDebt, uint256 liquidityRate, uint256 variableBorrowRate, uint256 stableBorrowRate, uint256 averageStableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex, uint40 lastUpdateTimestamp);
        function getReserveCaps(address asset) external view returns (uint256 borrowCap, uint256 supplyCap);
    }

    interface Oracle {
        function getAssetPrice(address asset) external view returns (uint256 price);
        function getSourceOfAsset(address asset) external view returns (address source);
    }

    interface Gateway {
        function getWETHAddress() external view returns (address);
        function depositETH(address pool, address onBehalfOf, uint16 referralCode) external payable;
        function withdrawETH(address pool, uint256 amount, address to) external;
    }
}

const VARIABLE: U256 = U256::from_limbs([2, 0, 0, 0]);

fn at(on: On) -> &'static Deployment {
    Deployment::of(on.0).expect("deployed")
}

/// Whether the code is Aave 3.6; else it is 3.0.
fn is_new(on: On) -> bool {
    on.market()["venues"]["aave_v3"].get("version").and_then(|v| v.as_str()) == Some("3.6")
}

/// Approve and supply.
pub(crate) fn supply(on: On, who: Address, symbol: &str, amount: U256) -> [Call; 2] {
    let (asset, pool) = (on.token(symbol), at(on).pool);
    let supply = Pool::supplyCall { asset, amount, onBehalfOf: who, referralCode: 0 };
    [
        Call::new(who, asset, &Erc20::approveCall { spender: pool, value: amount }),
        Call::new(who, pool, &supply),
    ]
}

/// A loan at a variable rate.
pub(crate) fn borrow(on: On, who: Address, symbol: &str, amount: U256) -> Pool::borrowCall {
    let asset = on.token(symbol);
    Pool::borrowCall { asset, amount, interestRateMode: VARIABLE, referralCode: 0, onBehalfOf: who }
}

fn held(evm: &mut Evm, token: Address, account: Address) -> U256 {
    evm.ask(token, &Erc20::balanceOfCall { account })
}

#[test]
fn its_contracts_know_each_other() {
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), at(on));
        assert_eq!(evm.ask(at.pool, &Pool::ADDRESSES_PROVIDERCall {}), at.addresses_provider);
        assert_eq!(evm.ask(at.addresses_provider, &Provider::getPoolCall {}), at.pool);
        assert_eq!(evm.ask(at.addresses_provider, &Provider::getPriceOracleCall {}), at.oracle);
        assert_eq!(evm.ask(at.addresses_provider, &Provider::getPoolDataProviderCall {}), at.data_provider);
        let wrapped = REGISTRY.wrapped(on.0).address.expect("a contract");
        assert_eq!(evm.ask(at.gateway, &Gateway::getWETHAddressCall {}), wrapped);
        let revision = evm.ask(at.pool, &Pool::POOL_REVISIONCall {});
        // 7 is 3.3.
        assert_eq!(revision > U256::from(7), is_new(on), "{on:?}: {revision}");
    }
}

#[test]
fn both_generations_of_its_code_are_there() {
    let new: Vec<ChainId> = On::every().filter(|&on| is_new(on)).map(|on| on.0).collect();
    assert_eq!(new, [ChainId::Base]);
}

#[test]
fn tokens_and_price_sources_of_reserves_are_the_registrys() {
    let mut seen = 0;
    for on in On::every() {
        let (mut evm, at) = (Evm::on(&on.snapshot()), at(on));
        for reserve in on.info().reserves {
            let (asset, listed) = (on.token(&reserve.symbol), at.reserve(&reserve.symbol).expect("listed"));
            let tokens = evm.ask(at.data_provider, &Data::getReserveTokensAddressesCall { asset });
            assert_eq!(tokens.aTokenAddress, listed.a_token, "{on:?} {}", reserve.symbol);
            assert_eq!(tokens.variableDebtTokenAddress, listed.variable_debt, "{on:?} {}", reserve.symbol);
            let source = evm.ask(at.oracle, &Oracle::getSourceOfAssetCall { asset });
            assert_eq!(source, listed.price_source, "{on:?} {}", reserve.symbol);
            for token in [listed.a_token, listed.variable_debt] {
                assert_eq!(evm.ask(token, &Erc20::UNDERLYING_ASSET_ADDRESSCall {}), asset);
                assert_eq!(evm.ask(token, &Erc20::POOLCall {}), at.pool);
                assert_eq!(
                    evm.ask(token, &Erc20::decimalsCall {}),
                    evm.ask(asset, &Erc20::decimalsCall {}),
                    "{on:?} {}",
                    reserve.symbol
                );
            }
            assert_eq!(evm.ask(listed.a_token, &Erc20::symbolCall {}), format!("a{}", reserve.symbol));
            seen += 1;
        }
    }
    assert_eq!(seen, 14 + 12 + 10 + 10 + 11);
}

#[test]
fn its_oracle_says_the_markets_prices() {
    for on in On::every() {
        let market = on.market();
        let mut evm = Evm::on(&on.snapshot());
        for reserve in on.info().reserves {
            let rows = market["tokens"].as_array().expect("tokens");
            let row = rows.iter().find(|row| row["symbol"].as_str() == Some(&reserve.symbol)).expect("a row");
            let want = parse_units(row["price"].as_str().expect("a price"), 8).expect("a decimal");
            let price =
                evm.ask(at(on).oracle, &Oracle::getAssetPriceCall { asset: on.token(&reserve.symbol) });
            assert_eq!(price, want.get_absolute(), "{on:?} {}", reserve.symbol);
        }
    }
}
