//! The contracts of Uniswap v3 at the registry's addresses.

use alloy_primitives::{
    Address, B256,
    aliases::{I24, U24},
};
use alloy_sol_types::{SolValue, sol};
use grimoire_core::venue::uniswap_v3::deployment::Deployment;
use grimoire_registry::REGISTRY;

use crate::{
    book::Book,
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    market::{MARKET_MAKER, account},
};

sol! {
    interface Factory {
        function enableFeeAmount(uint24 fee, int24 tickSpacing) external;
        function feeAmountTickSpacing(uint24 fee) external view returns (int24);
        function createPool(address tokenA, address tokenB, uint24 fee) external returns (address pool);
    }
}

const CORE: &str = "@uniswap/v3-core/artifacts/contracts";
const PERIPHERY: &str = "@uniswap/v3-periphery/artifacts/contracts";
const ROUTER: &str = "@uniswap/swap-router-contracts/artifacts/contracts";

/// Where liquidity is added.
pub(super) struct Deployed {
    pub(super) factory: Address,
    pub(super) position_manager: Address,
}

/// Deploys the factory, the position manager, the quoter and the router.
pub(super) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
) -> Result<Deployed, SandboxError> {
    let at = Deployment::of(book.chain).ok_or_else(|| book.wrong("uniswap_v3 is not on it"))?;
    let (factory, position_manager) = (at.factory, at.position_manager);
    let wrapped = book.wrapped()?;
    let code = |package: &str, folder: &str, contract: &str, libraries: &[(&str, Address)]| {
        let file = format!("{package}/{folder}{contract}.sol/{contract}.json");
        contracts.package(&file, libraries)
    };

    let maker = account(MARKET_MAKER);
    chain.create(Some(factory), "UniswapV3Factory", code(CORE, "", "UniswapV3Factory", &[])?, &[])?;
    // The constructor enables the tiers 500, 3000 and 10000; 100 was added by a vote.
    let cheapest = Factory::enableFeeAmountCall { fee: U24::from(100), tickSpacing: I24::ONE };
    chain.send(maker, factory, &cheapest)?;

    let library =
        chain.create(None, "NFTDescriptor", code(PERIPHERY, "libraries/", "NFTDescriptor", &[])?, &[])?;
    let descriptor = "NonfungibleTokenPositionDescriptor";
    let native = B256::right_padding_from(REGISTRY.chain(book.chain).native.as_bytes());
    let linked = code(PERIPHERY, "", descriptor, &[("NFTDescriptor", library)])?;
    let descriptor = chain.create(None, descriptor, linked, &(wrapped, native).abi_encode_params())?;
    let manager = "NonfungiblePositionManager";
    let arguments = (factory, wrapped, descriptor).abi_encode_params();
    chain.create(Some(position_manager), manager, code(PERIPHERY, "", manager, &[])?, &arguments)?;

    let arguments = (factory, wrapped).abi_encode_params();
    chain.create(Some(at.quoter_v2), "QuoterV2", code(ROUTER, "lens/", "QuoterV2", &[])?, &arguments)?;

    // Routes through v2 pools find a factory without any.
    let v2 = contracts.package("@uniswap/v2-core/build/UniswapV2Factory.json", &[])?;
    let v2 = chain.create(None, "UniswapV2Factory", v2, &(maker,).abi_encode_params())?;
    let arguments = (v2, factory, position_manager, wrapped).abi_encode_params();
    chain.create(
        Some(at.swap_router_02),
        "SwapRouter02",
        code(ROUTER, "", "SwapRouter02", &[])?,
        &arguments,
    )?;
    Ok(Deployed { factory, position_manager })
}
