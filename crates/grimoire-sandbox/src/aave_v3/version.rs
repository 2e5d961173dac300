//! What differs between the versions of Aave: which files its contracts are in, and what they are created with.

use alloy_primitives::Address;
use alloy_sol_types::SolValue;
use serde::Deserialize;

use crate::{
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, account},
};

const CORE: &str = "@aave/core-v3/artifacts/contracts";
const PERIPHERY: &str = "@aave/periphery-v3/artifacts/contracts";

/// The version of the code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Version {
    /// 3.0.2: it refuses with numbers in text, and loans may be stable.
    #[default]
    #[serde(rename = "3.0")]
    V3_0,
    /// 3.6: it refuses with errors that have names, and counts what it holds.
    #[serde(rename = "3.6")]
    V3_6,
}

impl Version {
    /// The pool's logic; the last links one before it.
    pub(super) const fn libraries(self) -> &'static [&'static str] {
        match self {
            Self::V3_0 => &[
                "SupplyLogic",
                "BorrowLogic",
                "LiquidationLogic",
                "EModeLogic",
                "BridgeLogic",
                "PoolLogic",
                "ConfiguratorLogic",
                "FlashLoanLogic",
            ],
            Self::V3_6 => &[
                "BorrowLogic",
                "SupplyLogic",
                "LiquidationLogic",
                "PoolLogic",
                "ConfiguratorLogic",
                "FlashLoanLogic",
            ],
        }
    }

    /// The creation code of a contract, by its name in 3.0.
    pub(super) fn code(
        self,
        contracts: &Contracts,
        contract: &str,
        libraries: &[(&str, Address)],
    ) -> Result<Vec<u8>, SandboxError> {
        let file = match (self, contract) {
            (Self::V3_6, "Pool" | "PoolConfigurator" | "AToken" | "VariableDebtToken") => {
                return contracts.compiled(&format!("{contract}Instance"), libraries);
            }
            (Self::V3_6, _) => return contracts.compiled(contract, libraries),
            (_, "WrappedTokenGatewayV3") => format!("{PERIPHERY}/misc"),
            (_, "AaveOracle" | "AaveProtocolDataProvider") => format!("{CORE}/misc"),
            (_, "PoolAddressesProvider" | "ACLManager") => format!("{CORE}/protocol/configuration"),
            (_, name) if name.ends_with("Logic") => format!("{CORE}/protocol/libraries/logic"),
            (_, name) if name.ends_with("Token") => format!("{CORE}/protocol/tokenization"),
            _ => format!("{CORE}/protocol/pool"),
        };
        contracts.package(&format!("{file}/{contract}.sol/{contract}.json"), libraries)
    }

    /// What the pool is created with. Since 3.4 one rate model serves every reserve.
    pub(super) fn pool_arguments(
        self,
        chain: &mut DevChain,
        contracts: &Contracts,
        provider: Address,
    ) -> Result<Vec<u8>, SandboxError> {
        let of_provider = (provider,).abi_encode_params();
        if self == Self::V3_0 {
            return Ok(of_provider);
        }
        let name = "DefaultReserveInterestRateStrategyV2";
        let model = chain.create(None, name, self.code(contracts, name, &[])?, &of_provider)?;
        Ok((provider, model).abi_encode_params())
    }

    /// What the tokens of suppliers and of borrowers are created with.
    pub(super) fn token_arguments(self, pool: Address) -> [Vec<u8>; 2] {
        match self {
            Self::V3_0 => [(pool,).abi_encode_params(), (pool,).abi_encode_params()],
            Self::V3_6 => {
                let (rewards, treasury) = (Address::ZERO, account(MARKET_MAKER));
                [(pool, rewards, treasury).abi_encode_params(), (pool, rewards).abi_encode_params()]
            }
        }
    }
}
