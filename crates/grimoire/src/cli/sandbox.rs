//! `grimoire sandbox`: the embedded chains.

use std::path::Path;

use grimoire_sandbox::{ChainInfo, Info, Sandbox};

use super::{
    config,
    out::{grouped, indented, say, table, talk, wrap},
};
use crate::world;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Builds the chains from the installed contract packages and keeps them for later starts.
    Build,
    /// Describes the chains: tokens, pools and their depth, accounts.
    Info {
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn main(file: Option<&Path>, command: &Command) -> anyhow::Result<()> {
    let (config, _) = config::load(file, [])?;
    let paths = world::paths(&config);
    let mut tell = |progress: &grimoire_sandbox::Progress| world::tell_of(progress, &mut |text| talk(text));
    Ok(say(&match command {
        Command::Build => table(&rows(&Sandbox::build(&paths, &mut tell)?.info())),
        Command::Info { json: true } => {
            serde_json::to_string_pretty(&Sandbox::load_or_build(&paths, &mut tell)?.info())?
        }
        Command::Info { json: false } => description(&Sandbox::load_or_build(&paths, &mut tell)?.info()),
    })?)
}

fn rows(info: &Info) -> Vec<Vec<String>> {
    let row = |c: &ChainInfo| {
        let counts =
            format!("{} tokens, {} pools, {} accounts", c.tokens.len(), c.pools.len(), c.accounts.len());
        vec![c.chain.to_string(), format!("block {}", c.block), c.hash.to_string(), counts]
    };
    info.chains.iter().map(row).collect()
}

fn description(info: &Info) -> String {
    let chain = |c: &ChainInfo| {
        let pools = c.pools.iter().map(|pool| {
            let fee = format!("{}.{:02}%", pool.fee / 10_000, pool.fee / 100 % 100);
            let depth = pool
                .pair
                .iter()
                .zip(&pool.depth)
                .map(|(symbol, amount)| format!("{} {symbol}", rounded(amount)));
            vec!["pool".into(), pool.pair.join("/"), fee, depth.collect::<Vec<_>>().join(" and ")]
        });
        let accounts =
            c.accounts.iter().map(|a| vec!["account".into(), a.name.clone(), a.address.to_checksum(None)]);
        let parts = [table(&pools.collect::<Vec<_>>()), table(&accounts.collect::<Vec<_>>())];
        format!("{}\n{}", c.chain, indented(&parts.join("\n")))
    };
    let chains = info.chains.iter().map(chain).collect::<Vec<_>>().join("\n\n");
    format!("{}\n\n{chains}\n\n{}", table(&rows(info)), wrap(info.notice))
}

/// Whole tokens are enough to tell how deep a pool is.
fn rounded(amount: &str) -> String {
    match amount.split_once('.') {
        Some(("0", _)) => amount.into(),
        Some((whole, _)) => grouped(whole),
        None => grouped(amount),
    }
}
