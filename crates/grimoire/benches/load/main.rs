//! The HTTP API under load, beside a bare axum handler and bare SQLite commits in the same run: latency, throughput,
//! and the memory of a thousand streams.
//!
//! The servers are processes of their own; the clients share the machine with them.

#![expect(clippy::print_stdout, reason = "the table is the result")]

#[path = "../../tests/common/program.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod program;
#[path = "../../tests/common/wire.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod wire;

mod commits;
mod peer;
mod role;
mod storm;
mod streams;

use serde_json::{Value, json};

use peer::Peer;
use program::{Server, message_of};
use storm::{Row, Target, storm};
use wire::{Request, Wire};

/// Connections at once: one shows latency, many show throughput.
const CROWDS: [usize; 2] = [1, 32];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(role) = arguments.iter().find_map(|argument| argument.strip_prefix("--role=")) {
        return role::play(role);
    }
    let bare = Peer::start("axum");
    // Nothing but the work limits it.
    let server = Server::start_with(&[
        ("GRIMOIRE_KEYS_REQUESTS", "100000000"),
        ("GRIMOIRE_TURNS_WAITING", "4096"),
        ("GRIMOIRE_TURNS_WAIT", "60s"),
        ("GRIMOIRE_LOG_LEVEL", "warn"),
    ]);
    let plain = Target { at: bare.at, pid: bare.pid() };
    let target = Target { at: server.at, pid: server.pid() };
    println!("{}", Row::HEAD);
    for crowd in CROWDS {
        let echo = Request::new("POST", "/").json(&json!({"message": "hello"})).bytes();
        println!("{}", storm("bare axum handler, JSON in and out", crowd, &plain, |wire| ask(wire, &echo)));
        println!("{}", commits::row(crowd));
        for (name, message) in [
            ("POST /v1/run, a clarification", "Move my USDC to a better yield"),
            ("POST /v1/run, a preview of a swap", "Swap 100 USDC to ETH on Uniswap"),
            ("POST /v1/run, a preview of a deposit", "Deposit 100 USDC into Aave"),
        ] {
            let run = Request::new("POST", "/v1/run").key(&server.key).json(&message_of(message)).bytes();
            println!("{}", storm(name, crowd, &target, |wire| ask(wire, &run)));
        }
        println!("{}", answers(&server, &target, crowd));
        let session = server.run("Swap 100 USDC to ETH on Uniswap").json();
        let look = Request::new("GET", &path(&session)).key(&server.key).bytes();
        println!("{}", storm("GET /v1/session/{id}", crowd, &target, |wire| ask(wire, &look)));
    }
    drop(server);
    println!("\n{}", streams::measure());
}

/// Answers to open questions, each of a session of its own.
fn answers(server: &Server, target: &Target, crowd: usize) -> Row {
    let run = Request::new("POST", "/v1/run").key(&server.key);
    let run = run.json(&message_of("Move my USDC to a better yield")).bytes();
    let answer = json!({"answers": {"venue": "morpho_blue", "amount": 5000}});
    storm::prepared(
        "POST /v1/session/{id}, an answer to a preview",
        crowd,
        target,
        |wire| {
            wire.send(&run);
            path(&wire.receive().json())
        },
        |wire, path| ask(wire, &Request::new("POST", path).key(&server.key).json(&answer).bytes()),
    )
}

fn path(session: &Value) -> String {
    format!("/v1/session/{}", session["session_id"].as_str().expect("an id"))
}

fn ask(wire: &mut Wire, request: &[u8]) {
    wire.send(request);
    let response = wire.receive();
    assert_eq!(response.status, 200, "{response:?}");
}
