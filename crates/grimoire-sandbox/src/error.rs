//! Why there is no sandbox: what is missing or wrong, and what to do about it.

use std::{io, path::PathBuf};

use grimoire_registry::ChainId;

/// The sandbox could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A file of the contracts folder is not there.
    #[error("the sandbox's contracts are not installed: {} is missing; run `make contracts`", .0.display())]
    NotInstalled(PathBuf),
    /// The compiled stand-ins were made from other sources than this program's.
    #[error("the sandbox's compiled contracts in {} do not match their sources; run `make contracts`", .0.display())]
    Outdated(PathBuf),
    /// A file of the contracts folder is there and not what it should be.
    #[error("{} cannot be used as a compiled contract: {why}; run `make contracts`", path.display())]
    Artifact {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The market file contradicts itself or the registry.
    #[error("the market of {chain} is wrong: {why}")]
    Market {
        /// Whose market.
        chain: ChainId,
        /// What is wrong with it.
        why: String,
    },
    /// A transaction that builds the chain failed.
    #[error("building {chain} failed at {doing}: {why}")]
    Build {
        /// Which chain.
        chain: ChainId,
        /// The call or deployment.
        doing: String,
        /// The revert or the refusal.
        why: String,
    },
    /// The folder of snapshots could not be written.
    #[error("the snapshot cannot be stored at {}: {source}", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
