//! The contracts of Aave at the registry's addresses, without any reserve.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolValue;
use grimoire_core::venue::aave_v3::deployment::Deployment;

use super::abi::{AclManager, AddressesProvider};
use crate::{
    book::Book,
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, account},
};

const CORE: &str = "@aave/core-v3/artifacts/contracts";
const GATEWAY: &str =
    "@aave/periphery-v3/artifacts/contracts/misc/WrappedTokenGatewayV3.sol/WrappedTokenGatewayV3.json";

/// The pool's logic; the last links one before it.
const LIBRARIES: [&str; 8] = [
    "SupplyLogic",
    "BorrowLogic",
    "LiquidationLogic",
    "EModeLogic",
    "BridgeLogic",
    "PoolLogic",
    "ConfiguratorLogic",
    "FlashLoanLogic",
];

/// One dollar, as its oracle counts.
const DOLLAR: U256 = U256::from_limbs([100_000_000, 0, 0, 0]);

/// What reserves are made with.
pub(super) struct Deployed {
    pub(super) at: &'static Deployment,
    pub(super) configurator: Address,
    pub(super) a_token: Address,
    pub(super) stable_debt: Address,
    pub(super) variable_debt: Address,
}

/// The creation code of a contract of the core package.
pub(super) fn code(
    contracts: &Contracts,
    folder: &str,
    contract: &str,
    libraries: &[(&str, Address)],
) -> Result<Vec<u8>, SandboxError> {
    contracts.package(&format!("{CORE}/{folder}/{contract}.sol/{contract}.json"), libraries)
}

/// Deploys the market's contracts. `sources` has the price feed of every asset.
pub(super) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    sources: Vec<(Address, Address)>,
) -> Result<Deployed, SandboxError> {
    let at = Deployment::of(book.chain).ok_or_else(|| book.wrong("aave_v3 is not on it"))?;
    let (maker, provider) = (account(MARKET_MAKER), at.addresses_provider);
    let mut libraries: Vec<(&str, Address)> = Vec::new();
    for library in LIBRARIES {
        let code = code(contracts, "protocol/libraries/logic", library, &libraries)?;
        libraries.push((library, chain.create(None, library, code, &[])?));
    }
    let create = |chain: &mut DevChain, place, folder, contract, arguments: Vec<u8>| {
        chain.create(place, contract, code(contracts, folder, contract, &libraries)?, &arguments)
    };

    let configuration = "protocol/configuration";
    let arguments = ("Grimoire sandbox".to_owned(), maker).abi_encode_params();
    create(chain, Some(provider), configuration, "PoolAddressesProvider", arguments)?;
    chain.send(maker, provider, &AddressesProvider::setACLAdminCall { admin: maker })?;
    let of_provider = (provider,).abi_encode_params();
    let acl = create(chain, None, configuration, "ACLManager", of_provider.clone())?;
    chain.send(maker, provider, &AddressesProvider::setACLManagerCall { manager: acl })?;
    chain.send(maker, acl, &AclManager::addPoolAdminCall { admin: maker })?;
    chain.send(maker, acl, &AclManager::addAssetListingAdminCall { admin: maker })?;

    let (assets, feeds): (Vec<Address>, Vec<Address>) = sources.into_iter().unzip();
    let arguments = (provider, assets, feeds, Address::ZERO, Address::ZERO, DOLLAR).abi_encode_params();
    create(chain, Some(at.oracle), "misc", "AaveOracle", arguments)?;
    chain.send(maker, provider, &AddressesProvider::setPriceOracleCall { oracle: at.oracle })?;
    create(chain, Some(at.data_provider), "misc", "AaveProtocolDataProvider", of_provider.clone())?;
    let data = AddressesProvider::setPoolDataProviderCall { provider: at.data_provider };
    chain.send(maker, provider, &data)?;

    // The provider creates the proxy itself.
    let implementation = create(chain, None, "protocol/pool", "Pool", of_provider)?;
    let pool = AddressesProvider::setPoolImplCall { implementation };
    chain.send_placed(maker, provider, &pool, [Some(at.pool)])?;
    let implementation = create(chain, None, "protocol/pool", "PoolConfigurator", Vec::new())?;
    chain.send(maker, provider, &AddressesProvider::setPoolConfiguratorImplCall { implementation })?;
    let configurator = chain.view(provider, &AddressesProvider::getPoolConfiguratorCall {})?;

    let (tokens, of_pool) = ("protocol/tokenization", (at.pool,).abi_encode_params());
    let a_token = create(chain, None, tokens, "AToken", of_pool.clone())?;
    let stable_debt = create(chain, None, tokens, "StableDebtToken", of_pool.clone())?;
    let variable_debt = create(chain, None, tokens, "VariableDebtToken", of_pool)?;

    let arguments = (book.wrapped()?, maker, at.pool).abi_encode_params();
    let gateway = contracts.package(GATEWAY, &[])?;
    chain.create(Some(at.gateway), "WrappedTokenGatewayV3", gateway, &arguments)?;
    Ok(Deployed { at, configurator, a_token, stable_debt, variable_debt })
}
