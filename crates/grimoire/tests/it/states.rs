//! The states a session is in while work is under way.

use std::{
    collections::BTreeSet,
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    inside::{self, Broken},
    program::{Server, message_of},
    wire::{PATIENCE, Request, Wire},
};

/// A server whose only place is taken by a turn that waits for its chain.
struct Full {
    server: inside::Server,
    asks: mpsc::Receiver<()>,
    speak: mpsc::Sender<()>,
    first: Wire,
}

impl Full {
    /// Starts, and gives the path of a session that waits for an answer.
    fn begin() -> (Self, String) {
        let (asked, asks) = mpsc::channel();
        let (speak, hear) = mpsc::channel();
        let settings = [("turns.parallel", "1"), ("turns.wait", "60s")];
        let server = inside::Server::start_set(Broken::Slow(asked, Mutex::new(hear)), &settings);
        let hello = Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hello"));
        let id = server.ask(&hello).json()["session_id"].as_str().expect("an id").to_owned();
        let first = server.send();
        asks.recv_timeout(PATIENCE).expect("the first turn is computed");
        (Self { server, asks, speak, first }, format!("/v1/session/{id}"))
    }

    fn post(&self, path: &str, body: &Value) -> Wire {
        let mut wire = Wire::open(self.server.at);
        wire.send(Request::new("POST", path).key(&self.server.key).json(body).bytes());
        wire
    }

    /// How a session stands once it is no more as it was.
    fn once_not(&self, was: &str, path: impl Fn() -> String) -> (String, i64) {
        for _ in 0..400 {
            let document = self.server.ask(&Request::new("GET", &path()).key(&self.server.key)).json();
            let state = document["state"].as_str().expect("a state");
            if state != was {
                return (state.to_owned(), document["version"].as_i64().expect("a version"));
            }
            thread::sleep(Duration::from_millis(25));
        }
        panic!("it stays {was}");
    }

    /// The path of the session that is the last to be at work.
    fn newest(&self) -> String {
        let newest = "SELECT id FROM sessions WHERE working IS NOT NULL ORDER BY rowid DESC LIMIT 1";
        let url = format!("sqlite:{}", self.server.folder.path().join("grimoire.db").display());
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let id: String = runtime.block_on(async {
            let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.expect("it opens");
            sqlx::query_scalar(newest).fetch_one(&mut db).await.expect("it is there")
        });
        format!("/v1/session/{id}")
    }

    /// Lets everything end.
    fn end(mut self, mut second: Wire) {
        self.speak.send(()).expect("the chain listens");
        assert_eq!(self.first.receive().status, 503);
        self.asks.recv_timeout(PATIENCE).expect("the second turn is computed");
        self.speak.send(()).expect("the chain listens");
        assert_eq!(second.receive().problem(), "chain_unavailable");
    }
}

#[test]
fn a_session_whose_first_turn_has_not_begun_is_created() {
    let (full, _) = Full::begin();
    let second = full.post("/v1/run", &message_of("Swap 7 USDC to ETH on Uniswap"));
    assert_eq!(full.once_not("BUILDING", || full.newest()), ("CREATED".to_owned(), 0));
    full.end(second);
}

#[test]
fn a_turn_that_is_not_read_yet_is_classifying() {
    let (full, path) = Full::begin();
    let second = full.post(&path, &json!({"message": "Swap 7 USDC to ETH on Uniswap"}));
    assert_eq!(full.once_not("CLARIFYING", || path.clone()), ("CLASSIFYING".to_owned(), 1));
    full.end(second);
}

#[test]
fn building_and_validating_are_seen_from_outside() {
    let server = Server::start();
    let swaps = ["DAI", "WETH", "USDT", "WBTC", "LINK", "UNI"];
    let plan: Vec<String> = swaps.iter().map(|to| format!("swap 100 USDC to {to} on Uniswap")).collect();
    let plan = plan.join(" then ");
    let mut seen = BTreeSet::new();
    for _ in 0..50 {
        let path =
            format!("/v1/session/{}", server.run("hello").json()["session_id"].as_str().expect("an id"));
        let post = Request::new("POST", &path).key(&server.key).json(&json!({"message": plan}));
        thread::scope(|scope| {
            let turn = scope.spawn(|| server.ask(&post));
            while !turn.is_finished() {
                let state = server.get(&path).json()["state"].as_str().expect("a state").to_owned();
                seen.insert(state);
            }
            let document = turn.join().expect("no panic").json();
            assert_eq!(document["state"], "PREVIEW_READY", "{document}");
        });
        if seen.contains("BUILDING") && seen.contains("VALIDATING") {
            return;
        }
    }
    panic!("only {seen:?}");
}
