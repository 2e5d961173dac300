//! `grimoire sandbox`: the embedded chains.

use std::path::Path;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Builds the chains from the installed contract packages and keeps them for later starts.
    Build,
    /// Describes the chains.
    Info,
}

pub(super) fn main(_file: Option<&Path>, _command: &Command) -> anyhow::Result<()> {
    anyhow::bail!("the sandbox is not connected")
}
