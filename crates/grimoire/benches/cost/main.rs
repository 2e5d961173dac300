//! What a preview costs, beside the EVM work in it, in one run.
//!
//! Rows are taken in turn, one sample each a round, so that a busy machine disturbs all alike.

#![expect(clippy::print_stdout, reason = "the table is the result")]

mod bare;
mod sample;
mod server;

use std::path::Path;

use alloy_primitives::Address;
use grimoire::config::{Config, layers::Values};
use grimoire_core::{
    evm::StateSource,
    turn::{Reply, Request, Settings, World},
};
use grimoire_lang::{Context, Lexicon, Turn, understand};
use grimoire_registry::{ChainId, REGISTRY};
use grimoire_sandbox::Sandbox;

use bare::Bare;
use sample::Samples;
use server::Client;

const MESSAGE: &str = "Swap 100 USDC to ETH on Uniswap";
const ROUNDS: usize = 2_000;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = config(folder.path());
    let paths = grimoire::world::paths(&config);
    let sandbox = Sandbox::load_or_build(&paths, &mut |_| {}).expect("run `make contracts` first");
    let snapshot = sandbox.snapshot(ChainId::Ethereum).expect("the sandbox serves ethereum");
    let world = World::new(vec![std::sync::Arc::new(sandbox)], Settings::default());
    let request = Request {
        message: Some(MESSAGE),
        chain: Some(ChainId::Ethereum),
        wallet: Some(snapshot.stand_in),
        ..Request::default()
    };
    let turn = || world.turn(&request, &mut |_| {}).expect("the sandbox answers");
    let Reply::Preview(preview) = turn().reply else { panic!("the message is a plan") };
    assert!(preview.executable, "{:?}", preview.blocked);

    let bare = Bare::new(&snapshot, token("USDC"), token("WETH"), 100_000_000, &preview.transactions);
    let lexicon = Lexicon::new(&REGISTRY.vocabulary());
    let context = Context { chain: Some("ethereum".into()) };
    let read = || understand(&Turn { message: Some(MESSAGE), answers: &[] }, None, &context, &lexicon);
    let mut client = Client::start(&config, MESSAGE, snapshot.stand_in);

    let mut rows = [
        Samples::new("read the message, right after EVM work"),
        Samples::new("read the message, one after another"),
        Samples::new("bare revm: quotes of all routes"),
        Samples::new("bare revm: the plan's calls"),
        Samples::new("turn: words to judged preview"),
        Samples::new("POST /v1/run, committed to disk"),
    ];
    for round in 0..ROUNDS + ROUNDS / 10 {
        let [cold, reading, quotes, calls, turns, http] = &mut rows;
        cold.time(|| drop(read()));
        reading.time_each(20, || drop(read()));
        quotes.time(|| bare.quotes());
        calls.time(|| bare.calls());
        turns.time(|| drop(turn()));
        http.time(|| client.run());
        if round + 1 == ROUNDS / 10 {
            rows.iter_mut().for_each(Samples::forget);
        }
    }
    let work = rows[2].median() + rows[3].median();
    println!("{MESSAGE}: {} candidate routes, {} calls\n", bare.routes(), preview.transactions.len());
    println!("{:<40} {:>9} {:>9} {:>9}  {:>8}", "", "median", "p99", "max", "x EVM");
    for row in &rows {
        println!("{}", row.line(work));
    }
    println!("{:<40} {:>7.1}us", "the EVM work of the turn", work);
}

fn token(symbol: &str) -> Address {
    REGISTRY.token(ChainId::Ethereum, symbol).and_then(|t| t.address).expect("a listed ERC-20")
}

fn config(folder: &Path) -> Config {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut values = Values::default();
    values.lay_flag("listen", "127.0.0.1:0".into());
    values.lay_flag("store", format!("sqlite:{}", folder.join("bench.db").display()));
    values
        .lay_flag("sandbox.contracts", root.join("crates/grimoire-sandbox/contracts").display().to_string());
    values.lay_flag("sandbox.snapshots", root.join("target/sandbox").display().to_string());
    Config::read(&values).expect("the settings are good")
}
