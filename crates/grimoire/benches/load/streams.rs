//! A thousand streams at once: what each takes of the server's memory, and whether each gets everything.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    peer::{self, Peer},
    program::message_of,
    wire::{Request, Wire},
};

/// Turns that are told of.
const TURNS: usize = 8;

/// Readers of each.
const READERS: usize = 125;

/// Long enough for every stream to be told that it is still alive.
const HELD: Duration = Duration::from_secs(20);

pub(crate) fn measure() -> String {
    let mut server = Peer::start("held");
    let key = server.line();
    let mut body = message_of("Swap 100 USDC to ETH on Uniswap");
    body["stream"] = json!(true);
    let turns: Vec<(Wire, String)> = (0..TURNS)
        .map(|_| {
            let mut wire = Wire::open(server.at);
            wire.send(Request::new("POST", "/v1/run").key(&key).json(&body).bytes());
            let head = wire.head();
            assert_eq!(head.status, 200, "{head:?}");
            (wire, head.header("x-session-id").expect("an id").to_owned())
        })
        .collect();
    let open = |id: &String| {
        let mut wire = Wire::open(server.at);
        wire.send(Request::new("GET", &format!("/v1/session/{id}/events")).key(&key).bytes());
        assert_eq!(wire.head().status, 200);
        wire
    };
    // Whatever the first readers bring into memory is not a stream's.
    let first: Vec<Wire> = turns.iter().map(|(_, id)| open(id)).collect();
    let before = server.resident();
    let mut readers = first;
    readers.extend(turns.iter().flat_map(|(_, id)| (1..READERS).map(|_| open(id)).collect::<Vec<_>>()));
    let each = (server.resident() - before) as f64 / (readers.len() - TURNS) as f64;
    let worked = peer::worked(&server.pid());
    std::thread::sleep(HELD);
    let worked = (peer::worked(&server.pid()) - worked).as_secs_f64() / HELD.as_secs_f64() * 100.0;
    let held = (server.resident() - before) as f64 / (readers.len() - TURNS) as f64;
    let begin = Instant::now();
    server.release();
    let count = readers.len();
    for mut wire in readers {
        let mut text = Vec::new();
        while let Some(chunk) = wire.chunk() {
            text.extend(chunk);
        }
        let text = String::from_utf8(text).expect("UTF-8");
        let ids = text.lines().filter_map(|line| line.strip_prefix("id: "));
        let whole = ids.enumerate().all(|(at, id)| id == (at + 1).to_string());
        assert!(whole && text.contains("\"preview_ready\"") && text.contains("\"done\""), "{text}");
        assert!(text.contains(": still here"), "a comment keeps it alive");
    }
    format!(
        "{count} streams at once: {each:.1} KiB each, {held:.1} KiB after {} s with {worked:.1} % of a processor; \
         all complete {:.0} ms after the end",
        HELD.as_secs(),
        begin.elapsed().as_secs_f64() * 1e3
    )
}
