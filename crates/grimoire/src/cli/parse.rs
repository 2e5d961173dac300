//! `grimoire parse`: what was understood, without chain, wallet or store.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use anyhow::{Context, anyhow};
use grimoire_registry::ChainId;
use serde_json::{Map, Value, json};

use super::out::say;
use crate::{opening, reading};

/// Shows what is understood of a message: the plan, or what is missing for one.
///
/// It needs no chain and no store.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What you want, such as "Swap 100 USDC to ETH on Uniswap".
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    message: Option<String>,
    /// The chain that is meant where the message names none, such as ethereum.
    #[arg(long, value_name = "CHAIN", value_parser = opening::chain, conflicts_with = "jsonl")]
    chain: Option<ChainId>,
    /// Print it as JSON.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Show which words gave what.
    #[arg(long, conflicts_with_all = ["jsonl", "json"])]
    explain: bool,
    /// Read lines such as {"id":"1","chain":"ethereum","message":"…"} from standard input; answer each with a line.
    #[arg(long)]
    jsonl: bool,
}

pub(super) fn main(args: Args) -> anyhow::Result<()> {
    let Some(message) = args.message else { return lines(io::stdin(), io::stdout().lock()) };
    if args.explain {
        return Ok(say(reading::explain(&message, args.chain).trim_end())?);
    }
    let line = json!({"id": "", "chain": args.chain, "message": message}).to_string();
    let answer = reading::answer(&line).map_err(|why| anyhow!(why))?;
    let mut answer: Map<String, Value> = serde_json::from_str(&answer).context("our own answer")?;
    answer.shift_remove("id");
    if args.json {
        return Ok(say(&Value::Object(answer).to_string())?);
    }
    Ok(say(&outline(&answer))?)
}

/// A line in, a line out; what was answered before a malformed line is written, and nobody waits for an answer to
/// what was asked.
fn lines(input: impl Read, out: impl Write) -> anyhow::Result<()> {
    let (mut input, mut out) = (BufReader::new(input), BufWriter::new(out));
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        if input.read_line(&mut line).with_context(|| format!("line {number}"))? == 0 {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        let answer = reading::answer(line.trim()).map_err(|why| anyhow!("line {number}: {why}"))?;
        writeln!(out, "{answer}")?;
        if input.buffer().is_empty() {
            out.flush()?;
        }
    }
    Ok(out.flush()?)
}

/// One line for each action, or the fields that are asked.
fn outline(answer: &Map<String, Value>) -> String {
    let list = |key: &str| answer.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let actions = list("actions");
    if actions.is_empty() {
        let fields: Vec<String> = list("fields").iter().map(plain).collect();
        return format!("ask: {}", fields.join(", "));
    }
    let action = |(i, action): (usize, &Value)| {
        let values = action.as_object().into_iter().flatten();
        let values = values.filter(|(key, _)| !matches!(key.as_str(), "type" | "spans"));
        let values: Vec<_> = values.map(|(key, value)| format!("{key}={}", plain(value))).collect();
        format!("{}. {} {}", i + 1, plain(&action["type"]), values.join(" "))
    };
    actions.iter().enumerate().map(action).collect::<Vec<_>>().join("\n")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}
