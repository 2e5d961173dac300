//! The contracts of Aave at the registry's addresses, without any reserve.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolValue;
use grimoire_core::venue::aave_v3::deployment::Deployment;

use super::{
    abi::{AclManager, AddressesProvider},
    version::Version,
};
use crate::{
    book::Book,
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, account},
};

/// One dollar, as its oracle counts.
const DOLLAR: U256 = U256::from_limbs([100_000_000, 0, 0, 0]);

/// What reserves are made with.
pub(super) struct Deployed {
    pub(super) version: Version,
    pub(super) at: &'static Deployment,
    pub(super) configurator: Address,
    pub(super) a_token: Address,
    /// Of 3.0 only.
    pub(super) stable_debt: Address,
    pub(super) variable_debt: Address,
}

/// Deploys the market's contracts. `sources` has the price feed of every asset.
pub(super) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    version: Version,
    sources: Vec<(Address, Address)>,
) -> Result<Deployed, SandboxError> {
    let at = Deployment::of(book.chain).ok_or_else(|| book.wrong("aave_v3 is not on it"))?;
    let (maker, provider) = (account(MARKET_MAKER), at.addresses_provider);
    let mut libraries: Vec<(&str, Address)> = Vec::new();
    for &library in version.libraries() {
        let code = version.code(contracts, library, &libraries)?;
        libraries.push((library, chain.create(None, library, code, &[])?));
    }
    let create = |chain: &mut DevChain, place, contract, arguments: Vec<u8>| {
        chain.create(place, contract, version.code(contracts, contract, &libraries)?, &arguments)
    };

    let arguments = ("Grimoire sandbox".to_owned(), maker).abi_encode_params();
    create(chain, Some(provider), "PoolAddressesProvider", arguments)?;
    chain.send(maker, provider, &AddressesProvider::setACLAdminCall { admin: maker })?;
    let of_provider = (provider,).abi_encode_params();
    let acl = create(chain, None, "ACLManager", of_provider.clone())?;
    chain.send(maker, provider, &AddressesProvider::setACLManagerCall { manager: acl })?;
    chain.send(maker, acl, &AclManager::addPoolAdminCall { admin: maker })?;
    chain.send(maker, acl, &AclManager::addAssetListingAdminCall { admin: maker })?;

    let (assets, feeds): (Vec<Address>, Vec<Address>) = sources.into_iter().unzip();
    let arguments = (provider, assets, feeds, Address::ZERO, Address::ZERO, DOLLAR).abi_encode_params();
    create(chain, Some(at.oracle), "AaveOracle", arguments)?;
    chain.send(maker, provider, &AddressesProvider::setPriceOracleCall { oracle: at.oracle })?;

    // The provider creates the proxy itself.
    let arguments = version.pool_arguments(chain, contracts, provider)?;
    let implementation = create(chain, None, "Pool", arguments)?;
    let pool = AddressesProvider::setPoolImplCall { implementation };
    chain.send_placed(maker, provider, &pool, [Some(at.pool)])?;
    let implementation = create(chain, None, "PoolConfigurator", Vec::new())?;
    chain.send(maker, provider, &AddressesProvider::setPoolConfiguratorImplCall { implementation })?;
    let configurator = chain.view(provider, &AddressesProvider::getPoolConfiguratorCall {})?;
    create(chain, Some(at.data_provider), "AaveProtocolDataProvider", of_provider)?;
    let data = AddressesProvider::setPoolDataProviderCall { provider: at.data_provider };
    chain.send(maker, provider, &data)?;

    let [of_supplier, of_borrower] = version.token_arguments(at.pool);
    let a_token = create(chain, None, "AToken", of_supplier)?;
    let variable_debt = create(chain, None, "VariableDebtToken", of_borrower.clone())?;
    let stable_debt = match version {
        Version::V3_0 => create(chain, None, "StableDebtToken", of_borrower)?,
        Version::V3_6 => Address::ZERO,
    };
    let arguments = (book.wrapped()?, maker, at.pool).abi_encode_params();
    create(chain, Some(at.gateway), "WrappedTokenGatewayV3", arguments)?;
    Ok(Deployed { version, at, configurator, a_token, stable_debt, variable_debt })
}
