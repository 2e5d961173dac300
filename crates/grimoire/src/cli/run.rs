//! `grimoire run`: one message to a preview.

use std::{
    io::{self, IsTerminal},
    path::Path,
};

use alloy_primitives::Address;
use grimoire_core::turn::{Reply, Request, TurnError, Turned, World};
use grimoire_registry::ChainId;

use super::{
    Usage, ask, config,
    out::{is_colourful, say, talk},
    show::{self, Paint},
};
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    document::{self, Head},
    ident,
    opening::{self, Opening},
    world,
};

/// Turns a message into a simulated plan, or into the questions that are open.
///
/// On a terminal the questions are asked and the conversation goes on. The built-in sandbox stands in for the chain:
/// `grimoire sandbox info` says what it has. Nothing is signed or sent.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What you want, such as "Swap 100 USDC to ETH on Uniswap".
    message: String,
    /// The chain that is meant where the message names none, such as ethereum.
    #[arg(long, value_name = "CHAIN", value_parser = opening::chain)]
    chain: Option<ChainId>,
    /// The wallet whose balances and allowances count; without one, an account with funds stands in.
    #[arg(long, value_name = "0x…", value_parser = opening::wallet)]
    wallet: Option<Address>,
    /// Print the document that the HTTP API would answer.
    #[arg(long)]
    json: bool,
}

pub(super) fn main(file: Option<&Path>, args: Args) -> anyhow::Result<()> {
    let message = opening::message(args.message).map_err(|fault| Usage(fault.to_string()))?;
    let opening = Opening { message, chain: args.chain, wallet: args.wallet };
    let (config, _) = config::load(file, [])?;
    let world = world::open(&config, &mut |text| talk(text))?;
    let turned = world.turn(&opening.request(), &mut |_| {}).map_err(explain)?;
    if args.json {
        return Ok(say(&document(&turned.reply, &config))?);
    }
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    let reply = if can_ask { converse(&world, &opening, turned)? } else { turned.reply };
    let paint = Paint(is_colourful());
    Ok(say(&match &reply {
        Reply::Preview(preview) => show::preview(preview, paint),
        Reply::Clarification(clarification) => show::clarification(clarification, paint),
    })?)
}

/// Asks until there is a preview, or nobody answers any more.
fn converse(world: &World, opening: &Opening, mut turned: Turned) -> anyhow::Result<Reply> {
    while let Reply::Clarification(clarification) = &turned.reply {
        let asked = ask::ask(clarification, &mut io::stdin().lock(), &mut io::stderr().lock())?;
        let Some(answered) = asked else { break };
        let follow_up = Request {
            message: answered.message.as_deref(),
            answers: &answered.values,
            draft: Some(&turned.draft),
            ..opening.request()
        };
        match world.turn(&follow_up, &mut |_| {}) {
            Ok(next) => turned = next,
            Err(TurnError::Answers(faults)) => {
                for fault in faults {
                    talk(&fault.message);
                }
            }
            Err(error) => return Err(explain(error)),
        }
        talk("");
    }
    Ok(turned.reply)
}

fn document(reply: &Reply, config: &Config) -> String {
    let expires_at = SystemClock::default().now() + i64::from(config.session_ttl.secs);
    document::turn(reply, &Head { session_id: ident::random("sess"), version: 1, expires_at })
}

fn explain(error: TurnError) -> anyhow::Error {
    match error {
        TurnError::Draft => {
            anyhow::anyhow!("the message could not be carried through; this is a mistake of ours")
        }
        error => error.into(),
    }
}
