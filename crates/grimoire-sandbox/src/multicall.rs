//! Multicall3 at the registry's address: a stand-in that answers its functions.

use grimoire_registry::REGISTRY;

use crate::{book::Book, contracts::Contracts, dev_chain::DevChain, error::SandboxError};

/// Deploys it.
pub(crate) fn deploy(chain: &mut DevChain, book: &Book, contracts: &Contracts) -> Result<(), SandboxError> {
    let code = contracts.compiled("Multicall", &[])?;
    chain.create(Some(REGISTRY.chain(book.chain).multicall3), "Multicall3", code, &[])?;
    Ok(())
}
