//! What tells the fee for data on layer 1, on chains that charge one on top of the gas.
//!
//! What comes in: invented prices of layer 1. What goes out: the contracts of an OP-stack chain at the registry's
//! addresses. What it refuses to know: transactions. Arbitrum's contracts exist in nodes only, so there are none.

use alloy_primitives::U256;
use alloy_sol_types::SolValue;
use grimoire_registry::{DataFee, REGISTRY};

use crate::{book::Book, contracts::Contracts, dev_chain::DevChain, error::SandboxError};

/// Deploys them where the chain has them.
pub(crate) fn deploy(chain: &mut DevChain, book: &Book, contracts: &Contracts) -> Result<(), SandboxError> {
    let Some(DataFee::OpStack { gas_price_oracle, l1_block }) = REGISTRY.chain(book.chain).data_fee else {
        return Ok(());
    };
    let prices = book.market.data_fee.as_ref().ok_or_else(|| book.wrong("it has no data_fee"))?;
    let wei = [prices.base_fee_gwei, prices.blob_base_fee_gwei].map(|gwei| book.units(gwei, 9));
    let [base_fee, blob_base_fee] = wei;
    let scalars = [prices.base_fee_scalar, prices.blob_base_fee_scalar].map(U256::from);
    let arguments = (base_fee?, blob_base_fee?, scalars).abi_encode_params();
    chain.create(Some(l1_block), "L1Block", contracts.compiled("L1Block", &[])?, &arguments)?;
    let arguments = (l1_block,).abi_encode_params();
    chain.create(
        Some(gas_price_oracle),
        "GasPriceOracle",
        contracts.compiled("GasPriceOracle", &[])?,
        &arguments,
    )?;
    Ok(())
}
