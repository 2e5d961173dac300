//! Across: the spoke pool at the registry's address. Deposits work; nobody fills them on the other chain.
//!
//! What comes in: how long quotes and deposits may live. What goes out: the spoke pool. What it refuses to know: fees,
//! and other chains. Every chain has the pool that is ethereum's: the origin side is the same everywhere.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::{SolCall, SolValue, sol};
use grimoire_core::venue::across::deployment::Deployment;
use serde::Deserialize;

use crate::{
    book::Book,
    contracts::Contracts,
    dev_chain::DevChain,
    error::SandboxError,
    image::SpokePool,
    market::{MARKET_MAKER, account},
    progress::{Stage, Teller},
};

sol! {
    interface Spoke {
        function initialize(uint32 initialDepositId, address withdrawalRecipient) external;
        function depositQuoteTimeBuffer() external view returns (uint32);
        function fillDeadlineBuffer() external view returns (uint32);
        function numberOfDeposits() external view returns (uint32);
    }
}

const SLUG: &str = "across";
const PACKAGE: &str = "@across-protocol/contracts/dist/evm/artifacts";

/// What a market says of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Market {
    quote_buffer_secs: u32,
    fill_deadline_buffer_secs: u32,
    first_deposit: u32,
}

/// Deploys the spoke pool behind its proxy.
pub(crate) fn deploy(
    chain: &mut DevChain,
    book: &Book,
    contracts: &Contracts,
    teller: &mut Teller<'_>,
) -> Result<(), SandboxError> {
    let Some(market) = book.venue::<Market>(SLUG)? else { return Ok(()) };
    let at = Deployment::of(book.chain).ok_or_else(|| book.wrong("across is not on it"))?;
    teller.tell(Stage::Across, 0, 1);
    let maker = account(MARKET_MAKER);
    let artifact = |name: &str| contracts.package(&format!("{PACKAGE}/{name}.sol/{name}.json"), &[]);
    let [quotes, fills] = [market.quote_buffer_secs, market.fill_deadline_buffer_secs].map(U256::from);
    let arguments = (book.wrapped()?, quotes, fills, maker).abi_encode_params();
    let name = "Ethereum_SpokePool";
    let implementation = chain.create(None, name, artifact(name)?, &arguments)?;
    let start = Spoke::initializeCall { initialDepositId: market.first_deposit, withdrawalRecipient: maker };
    let arguments = (implementation, Bytes::from(start.abi_encode())).abi_encode_params();
    chain.create(Some(at.spoke_pool), "ERC1967Proxy", artifact("ERC1967Proxy")?, &arguments)?;
    teller.tell(Stage::Across, 1, 1);
    Ok(())
}

/// The spoke pool as it tells itself.
pub(crate) fn spoke_pool(chain: &DevChain, book: &Book) -> Result<Option<SpokePool>, SandboxError> {
    let (Some(Market { .. }), Some(at)) = (book.venue(SLUG)?, Deployment::of(book.chain)) else {
        return Ok(None);
    };
    Ok(Some(SpokePool {
        address: at.spoke_pool,
        quote_buffer_secs: chain.view(at.spoke_pool, &Spoke::depositQuoteTimeBufferCall {})?,
        fill_deadline_buffer_secs: chain.view(at.spoke_pool, &Spoke::fillDeadlineBufferCall {})?,
        deposits: chain.view(at.spoke_pool, &Spoke::numberOfDepositsCall {})?,
    }))
}
