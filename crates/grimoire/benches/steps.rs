//! What each kind of action costs, and how the cost of a plan grows with its steps: words to judged preview.

#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::{path::Path, sync::Arc, time::Instant};

use alloy_primitives::Address;
use grimoire_core::turn::{Reply, Request, Settings, World};
use grimoire_registry::ChainId;
use grimoire_sandbox::{Paths, Sandbox};

const ROUNDS: usize = 300;

/// One of each kind.
const KINDS: [&str; 9] = [
    "Swap 100 USDC to ETH",
    "Send 5 USDC to 0x67EeF6EB8D5857b3030628112D0FAB9182704b05",
    "Wrap 1 ETH",
    "Deposit 100 USDC into Aave",
    "Deposit 100 USDC into Morpho",
    "Deposit 2 ETH into Aave as collateral, then borrow 500 USDC from Aave",
    "Deposit 1 WBTC into Morpho as collateral, then borrow 500 USDC from Morpho",
    "Bridge 500 USDC to Base",
    "Bridge 500 USDC to Base, then lend it on Aave",
];

/// A plan of five steps over four venues and two chains.
const FIVE: &str = "Deposit 5 ETH into Aave as collateral, borrow 4000 USDC from Aave, swap half of it to WBTC, \
                    bridge the rest to Base, then lend it on Morpho";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let paths = Paths {
        contracts: root.join("crates/grimoire-sandbox/contracts"),
        snapshots: root.join("target/sandbox"),
    };
    let sandbox = Sandbox::load_or_build(&paths, &mut |_| {}).expect("run `make contracts` first");
    let wallet = sandbox.account(ChainId::Ethereum, "stand_in").expect("the market has a stand-in");
    let world = World::new(vec![Arc::new(sandbox)], Settings::default());
    println!("{:<76} {:>9} {:>9} {:>9}", "", "min", "median", "p99");
    for message in KINDS.into_iter().chain([FIVE]) {
        time(&world, wallet, message, message);
    }
    println!();
    for steps in [1, 2, 4, 6, 8] {
        let swaps: Vec<String> = (1..=steps).map(|n| format!("swap {n}00 USDC to DAI")).collect();
        time(&world, wallet, &swaps.join(", then "), &format!("{steps} swaps"));
    }
}

fn time(world: &World, wallet: Address, message: &str, name: &str) {
    let request = Request {
        message: Some(message),
        chain: Some(ChainId::Ethereum),
        wallet: Some(wallet),
        ..Request::default()
    };
    let turn = || world.turn(&request, &mut |_| {}).expect("the sandbox answers");
    match turn().reply {
        Reply::Preview(preview) => assert!(preview.executable, "{message}: {:?}", preview.blocked),
        Reply::Clarification(asked) => panic!("{message}: {}", asked.message),
    }
    let mut micros: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            drop(turn());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    let name: String = name.chars().take(75).collect();
    let (least, median, p99) = (micros[0], micros[ROUNDS / 2], micros[ROUNDS * 99 / 100]);
    println!("{name:<76} {least:>7.0}us {median:>7.0}us {p99:>7.0}us");
}
