//! `grimoire parse`: what was understood, without chain, wallet or store.

use grimoire_registry::ChainId;

use crate::opening;

/// Shows what is understood of a message: the plan, or the fields that are asked.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What you want, such as "Swap 100 USDC to ETH on Uniswap".
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    message: Option<String>,
    /// The chain that is meant where the message names none.
    #[arg(long, value_name = "CHAIN", value_parser = opening::chain, conflicts_with = "jsonl")]
    chain: Option<ChainId>,
    /// Print the canonical plan or the fields as JSON.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Show which words gave what.
    #[arg(long, conflicts_with_all = ["jsonl", "json"])]
    explain: bool,
    /// Read corpus lines from standard input, and answer each with a line.
    #[arg(long)]
    jsonl: bool,
}

pub(super) fn main(args: &Args) -> anyhow::Result<()> {
    let _ = (&args.message, args.chain, args.json, args.explain, args.jsonl);
    anyhow::bail!("the language is not connected")
}
