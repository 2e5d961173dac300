//! What tells the fee for data on layer 1, on chains that charge one.
//!
//! What comes in: invented prices of layer 1. What goes out: contracts at the registry's addresses that answer as the
//! chain's own. What it refuses to know: transactions.

use alloy_primitives::U256;
use alloy_sol_types::SolValue;
use grimoire_registry::{DataFee, REGISTRY};

use crate::{book::Book, contracts::Contracts, dev_chain::DevChain, error::SandboxError, market::DataFeeRow};

/// Deploys them where the chain has them.
pub(crate) fn deploy(chain: &mut DevChain, book: &Book, contracts: &Contracts) -> Result<(), SandboxError> {
    let wei = |gwei| book.units(gwei, 9);
    match (REGISTRY.chain(book.chain).data_fee, &book.market.data_fee) {
        (None, None) => {}
        (
            Some(DataFee::OpStack { gas_price_oracle, l1_block }),
            Some(DataFeeRow::OpStack {
                base_fee_gwei,
                blob_base_fee_gwei,
                base_fee_scalar,
                blob_base_fee_scalar,
            }),
        ) => {
            let scalars = [*base_fee_scalar, *blob_base_fee_scalar].map(U256::from);
            let arguments = (wei(*base_fee_gwei)?, wei(*blob_base_fee_gwei)?, scalars).abi_encode_params();
            chain.create(Some(l1_block), "L1Block", contracts.compiled("L1Block", &[])?, &arguments)?;
            let oracle = contracts.compiled("GasPriceOracle", &[])?;
            chain.create(
                Some(gas_price_oracle),
                "GasPriceOracle",
                oracle,
                &(l1_block,).abi_encode_params(),
            )?;
        }
        (Some(DataFee::Arbitrum { arb_gas_info, .. }), Some(DataFeeRow::Arbitrum { unit_price_gwei })) => {
            let arguments = (wei(*unit_price_gwei)?,).abi_encode_params();
            chain.create(
                Some(arb_gas_info),
                "ArbGasInfo",
                contracts.compiled("ArbGasInfo", &[])?,
                &arguments,
            )?;
        }
        _ => return Err(book.wrong("its data_fee is not of the chain's kind")),
    }
    Ok(())
}
