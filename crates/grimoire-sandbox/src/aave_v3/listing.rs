//! How a reserve is listed, by the version of Aave: its rates, its tokens at their places.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolValue;

use super::{
    abi::{Configurator, Configurator36, InitReserve36, InitReserveInput, RateData},
    contracts::Deployed,
    market::Terms,
    version::Version,
};
use crate::{
    book::{Book, Listed},
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, account},
};

/// Decimals of a rate.
const RAY: u8 = 27;

impl Version {
    /// The rate model of some terms, where they need one of their own.
    pub(super) fn strategy(
        self,
        chain: &mut DevChain,
        book: &Book,
        contracts: &Contracts,
        deployed: &Deployed,
        terms: &Terms,
    ) -> Result<Address, SandboxError> {
        if self == Self::V3_6 {
            return Ok(Address::ZERO);
        }
        let percents = [terms.optimal, terms.slope1, terms.slope2].map(|p| book.percent(p, RAY));
        let [optimal, slope1, slope2] = percents;
        let (optimal, slope1, slope2) = (optimal?, slope1?, slope2?);
        // The last five are about loans at stable rates, of which there are none.
        let rates = [U256::ZERO, slope1, slope2, slope1, slope2, U256::ZERO, U256::ZERO, U256::ZERO];
        let arguments = (deployed.at.addresses_provider, optimal, rates).abi_encode_params();
        let name = "DefaultReserveInterestRateStrategy";
        chain.create(None, name, self.code(contracts, name, &[])?, &arguments)
    }

    /// Lists an asset, its tokens at their places.
    pub(super) fn init(
        self,
        chain: &mut DevChain,
        book: &Book,
        deployed: &Deployed,
        listed: &Listed<'_>,
        (terms, strategy): (&Terms, Address),
        [a_token, variable_debt]: [Address; 2],
    ) -> Result<(), SandboxError> {
        let (maker, to, symbol) = (account(MARKET_MAKER), deployed.configurator, &listed.token.symbol);
        match self {
            Self::V3_0 => {
                let input = vec![input(deployed, listed, strategy)];
                let call = Configurator::initReservesCall { input };
                // It creates the aToken, the stable and the variable debt token, in this order.
                chain.send_placed(maker, to, &call, [Some(a_token), None, Some(variable_debt)])
            }
            Self::V3_6 => {
                let input = vec![InitReserve36 {
                    aTokenImpl: deployed.a_token,
                    variableDebtTokenImpl: deployed.variable_debt,
                    underlyingAsset: listed.address,
                    aTokenName: format!("Aave {symbol}"),
                    aTokenSymbol: format!("a{symbol}"),
                    variableDebtTokenName: format!("Aave Variable Debt {symbol}"),
                    variableDebtTokenSymbol: format!("variableDebt{symbol}"),
                    params: Bytes::new(),
                    interestRateData: rates(book, terms)?,
                }];
                let call = Configurator36::initReservesCall { input };
                chain.send_placed(maker, to, &call, [Some(a_token), Some(variable_debt)])
            }
        }
    }
}

/// The rates of a reserve of 3.6, in basis points.
fn rates(book: &Book, terms: &Terms) -> Result<Bytes, SandboxError> {
    let percents = [terms.optimal, terms.slope1, terms.slope2].map(|p| book.percent(p, 4));
    let [optimal, slope1, slope2] = percents;
    let data = RateData {
        optimalUsageRatio: optimal?.saturating_to(),
        baseVariableBorrowRate: 0,
        variableRateSlope1: slope1?.saturating_to(),
        variableRateSlope2: slope2?.saturating_to(),
    };
    Ok(data.abi_encode().into())
}

fn input(deployed: &Deployed, listed: &Listed<'_>, strategy: Address) -> InitReserveInput {
    let symbol = &listed.token.symbol;
    InitReserveInput {
        aTokenImpl: deployed.a_token,
        stableDebtTokenImpl: deployed.stable_debt,
        variableDebtTokenImpl: deployed.variable_debt,
        underlyingAssetDecimals: listed.token.decimals,
        interestRateStrategyAddress: strategy,
        underlyingAsset: listed.address,
        treasury: account(MARKET_MAKER),
        incentivesController: Address::ZERO,
        aTokenName: format!("Aave {symbol}"),
        aTokenSymbol: format!("a{symbol}"),
        variableDebtTokenName: format!("Aave Variable Debt {symbol}"),
        variableDebtTokenSymbol: format!("variableDebt{symbol}"),
        stableDebtTokenName: format!("Aave Stable Debt {symbol}"),
        stableDebtTokenSymbol: format!("stableDebt{symbol}"),
        params: Bytes::new(),
    }
}
