//! What fails must not take anything else with it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use grimoire::clock::{Clock, SystemClock};

use crate::{
    inside::{Broken, Server},
    program::message_of,
    wire::{PATIENCE, Request, Response, Wire},
};

/// A clock that breaks and is mended.
#[derive(Default)]
struct Fragile {
    broken: AtomicBool,
    clock: SystemClock,
}

impl Clock for Fragile {
    fn now(&self) -> i64 {
        assert!(!self.broken.load(Ordering::Relaxed), "a very secret word");
        self.clock.now()
    }
}

fn outcome(response: &Response) -> (u16, String) {
    (response.status, response.problem())
}

#[test]
fn a_chain_that_does_not_answer_is_worth_another_try() {
    let server = Server::start(Broken::Gone);
    let response = server.send().receive();
    assert_eq!(outcome(&response), (503, "chain_unavailable".into()));
    assert_eq!((response.header("retry-after"), &response.json()["retryable"]), (Some("1"), &true.into()));
    assert!(!response.body.contains("secret"), "{response:?}");
}

#[test]
fn a_panic_of_a_turn_ends_one_request_only() {
    let server = Server::start(Broken::Panicking);
    for _ in 0..3 {
        let response = server.send().receive();
        assert_eq!(outcome(&response), (500, "internal".into()));
        assert!(!response.body.contains("secret"), "{response:?}");
    }
}

#[test]
fn a_panic_of_a_route_ends_one_request_only() {
    let clock = Arc::new(Fragile::default());
    let server = Server::start_by(Broken::Gone, Arc::<Fragile>::clone(&clock));
    let mut wire = Wire::open(server.at);
    wire.send(Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hello")).bytes());
    let path = format!("/v1/session/{}", wire.receive().json()["session_id"].as_str().expect("an id"));
    let mut ask = || {
        wire.send(Request::new("GET", &path).key(&server.key).bytes());
        wire.receive()
    };
    clock.broken.store(true, Ordering::Relaxed);
    let response = ask();
    assert_eq!(outcome(&response), (500, "internal".into()));
    assert!(!response.body.contains("secret"), "{response:?}");
    clock.broken.store(false, Ordering::Relaxed);
    assert_eq!(ask().status, 200, "even the connection goes on");
}

#[test]
fn more_turns_than_can_be_computed_are_sent_away() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let server = Server::start(Broken::Slow(asked, Mutex::new(hear)));
    let mut first = server.send();
    asks.recv_timeout(PATIENCE).expect("the first turn is computed");
    let second = server.send().receive();
    assert_eq!(outcome(&second), (503, "overloaded".into()));
    assert_eq!(second.header("retry-after"), Some("1"));
    speak.send(()).expect("the chain listens");
    assert_eq!(outcome(&first.receive()), (503, "chain_unavailable".into()));
}

#[test]
fn a_client_that_leaves_before_the_answer_is_logged() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let server = Server::start(Broken::Slow(asked, Mutex::new(hear)));
    let wire = server.send();
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    drop(wire);
    let line = server.logged("status=499");
    for words in ["INFO", "request_id=\"req_", "method=POST", "path=\"/v1/run\"", "micros="] {
        assert!(line.contains(words), "{words} in {line}");
    }
    assert!(!line.contains("USDC") && !line.contains(&server.key), "{line}");
    speak.send(()).expect("the chain listens");
}
