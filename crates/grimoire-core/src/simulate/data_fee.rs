//! What layer 1 charges a layer-2 transaction for its data.
//!
//! What comes in: calls, and the chain's state. What goes out: wei beside gas where the chain charges it so (OP stack,
//! by the chain's own contract), gas within gas where it charges it so (Arbitrum, by Nitro's rule). What it refuses to
//! know: what the calls do. A price that cannot be read is not known, and then neither is the fee.

use std::{collections::BTreeMap, io::Write as _};

use alloy_primitives::{Address, U256};
use alloy_rlp::Encodable as _;
use alloy_sol_types::sol;
use grimoire_registry::{ChainId, DataFee, REGISTRY};

use super::sent::Outgoing;
use crate::{
    block::{Blocked, Stop},
    evm::{Call, CallError, Fee, Machine, Snapshot},
};

sol! {
    /// The OP stack's own meter.
    interface IGasPriceOracle {
        function getL1Fee(bytes unsignedTransaction) external view returns (uint256);
        function isIsthmus() external view returns (bool);
        function getOperatorFee(uint256 gasUsed) external view returns (uint256);
    }
    /// Arbitrum's own meter.
    interface IArbGasInfo {
        function getL1BaseFeeEstimate() external view returns (uint256);
    }
}

/// Layer 1's price moves while a transaction waits: a fifth is kept on top.
#[must_use]
pub(super) fn with_slack(wei: U256) -> U256 {
    wei.saturating_add(wei / U256::from(5))
}

/// What layer 1 charges beside gas for these transactions of one chain; none when it is not known.
///
/// # Errors
/// When the state cannot be read.
pub(super) fn separate<'a>(
    machine: &mut Machine,
    sent: impl Iterator<Item = &'a Outgoing<'a>>,
) -> Result<Option<U256>, Stop> {
    let chain = REGISTRY.chain(machine.chain());
    match chain.data_fee {
        None => Ok(Some(U256::ZERO)),
        Some(DataFee::Arbitrum { arb_gas_info, .. }) => {
            Ok(unit_price(machine, arb_gas_info)?.map(|_| U256::ZERO))
        }
        Some(DataFee::OpStack { gas_price_oracle, .. }) => {
            let fee = Fee::of(machine.block());
            let mut total = Some(U256::ZERO);
            for tx in sent {
                let bytes = unsigned(chain.chain_id, tx.call, tx.gas_limit, fee);
                let charged = op_stack(machine, gas_price_oracle, bytes, tx.gas_limit)?;
                total = total.zip(charged).and_then(|(total, charged)| total.checked_add(charged));
            }
            Ok(total)
        }
    }
}

fn op_stack(machine: &mut Machine, oracle: Address, bytes: Vec<u8>, gas: u64) -> Result<Option<U256>, Stop> {
    let call = IGasPriceOracle::getL1FeeCall { unsignedTransaction: bytes.into() };
    let Some(data) = known(machine.view(oracle, &call))? else { return Ok(None) };
    // Before Isthmus there is no operator, and the function does not exist.
    if known(machine.view(oracle, &IGasPriceOracle::isIsthmusCall {}))? != Some(true) {
        return Ok(Some(data));
    }
    let call = IGasPriceOracle::getOperatorFeeCall { gasUsed: U256::from(gas) };
    Ok(known(machine.view(oracle, &call))?.and_then(|operator| data.checked_add(operator)))
}

/// Gas that pays for data, on chains that count it so.
#[derive(Default)]
pub(super) struct Gas {
    prices: BTreeMap<ChainId, Option<U256>>,
}

/// Nitro's `TxDataNonZeroGasEIP2028`: units of layer 1 a compressed byte.
const UNITS_PER_BYTE: u64 = 16;
/// Nitro's `estimationPaddingUnits`: for what signing adds.
const PADDING_UNITS: u64 = 16 * UNITS_PER_BYTE;
/// Nitro's `estimationPaddingBasisPoints`: one per cent more.
const PADDED_BPS: u64 = 10_100;

impl Gas {
    /// Gas a call needs beside what the EVM uses.
    ///
    /// # Errors
    /// When the price is not known: a limit without this part would not suffice; or the state cannot be read.
    pub(super) fn of(&mut self, call: &Call, snapshot: &Snapshot) -> Result<u64, Stop> {
        let chain = REGISTRY.chain(snapshot.chain);
        let Some(DataFee::Arbitrum { arb_gas_info, .. }) = chain.data_fee else { return Ok(0) };
        let price = match self.prices.get(&snapshot.chain) {
            Some(price) => *price,
            None => {
                let price = unit_price(&mut Machine::new(snapshot), arb_gas_info)?;
                self.prices.insert(snapshot.chain, price);
                price
            }
        };
        let price = price.ok_or_else(|| {
            let message = format!(
                "What {} charges for data on layer 1 cannot be read now, so no gas limit would surely suffice.",
                chain.name
            );
            Blocked::new("data_price_unknown", message)
        })?;
        let fee = Fee::of(&snapshot.block);
        let bytes = compressed(&unsigned(chain.chain_id, call, chain.tx_gas_limit_cap, fee));
        let units = bytes.saturating_mul(UNITS_PER_BYTE).saturating_add(PADDING_UNITS);
        let wei = price.saturating_mul(U256::from(units.saturating_mul(PADDED_BPS) / 10_000));
        let per_gas = U256::from(snapshot.block.base_fee).max(U256::ONE);
        Ok((wei / per_gas).saturating_to())
    }
}

fn unit_price(machine: &mut Machine, meter: Address) -> Result<Option<U256>, Stop> {
    known(machine.view(meter, &IArbGasInfo::getL1BaseFeeEstimateCall {}))
}

/// Length under Brotli at its fastest level, as the sequencer compresses.
fn compressed(bytes: &[u8]) -> u64 {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), bytes.len().max(1), 0, 22);
    let written = writer.write_all(bytes).map(|()| writer.into_inner().len());
    // Writing to memory does not fail; the length itself is the safe side.
    written.map_or(bytes.len(), |n| n).try_into().unwrap_or(u64::MAX)
}

/// An EIP-1559 transaction as it is before signing.
fn unsigned(chain_id: u64, call: &Call, gas_limit: u64, fee: Fee) -> Vec<u8> {
    let nonce = 0u64;
    let mut payload = Vec::with_capacity(call.data.len() + 128);
    chain_id.encode(&mut payload);
    nonce.encode(&mut payload);
    fee.tip.encode(&mut payload);
    fee.max.encode(&mut payload);
    gas_limit.encode(&mut payload);
    call.to.as_slice().encode(&mut payload);
    call.value.to_be_bytes_trimmed_vec().as_slice().encode(&mut payload);
    call.data.as_ref().encode(&mut payload);
    // No access list.
    payload.push(alloy_rlp::EMPTY_LIST_CODE);
    let mut bytes = vec![2];
    alloy_rlp::Header { list: true, payload_length: payload.len() }.encode(&mut bytes);
    bytes.extend(payload);
    bytes
}

fn known<T>(result: Result<T, CallError>) -> Result<Option<T>, Stop> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(CallError::State(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}
