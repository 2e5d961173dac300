//! `Idempotency-Key`: a request that is sent again gets the first result.

use std::{
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use grimoire::store::{ClaimRow, Partner, SessionRow, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    inside::{self, Broken},
    program::{Server, message_of},
    wire::{PATIENCE, Request, Response, Wire},
};

fn asked(path: &str, key: &str, name: &str, body: &Value) -> Request {
    Request::new("POST", path).key(key).header("idempotency-key", name).json(body)
}

fn run(server: &Server, name: &str, message: &str) -> Response {
    server.ask(&asked("/v1/run", &server.key, name, &message_of(message)))
}

fn path_of(response: &Response) -> String {
    format!("/v1/session/{}", response.json()["session_id"].as_str().expect("an id"))
}

#[test]
fn a_run_sent_again_gets_the_first_result() {
    let server = Server::start();
    let first = run(&server, "a", "Swap 100 USDC to ETH on Uniswap");
    assert_eq!((first.status, first.header("idempotency-replayed")), (200, None));
    let again = run(&server, "a", "Swap 100 USDC to ETH on Uniswap");
    assert_eq!((again.status, &again.body), (200, &first.body));
    for name in ["etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_ne!(run(&server, "b", "Swap 100 USDC to ETH on Uniswap").body, first.body);
}

#[test]
fn answers_sent_again_are_applied_once() {
    let server = Server::start();
    let path = path_of(&server.run("Move my USDC to a better yield"));
    let body = json!({"answers": {"venue": "aave_v3", "amount": 5000}, "version": 1});
    let send = || server.ask(&asked(&path, &server.key, "a", &body));
    let first = send();
    assert_eq!((first.status, &first.json()["version"]), (200, &json!(2)));
    assert_eq!(send().body, first.body);
    let on =
        server.ask(&Request::new("POST", &path).key(&server.key).json(&json!({"message": "make it 200"})));
    assert_eq!(on.json()["version"], 3);
    assert_eq!(send().body, first.body, "also when the session went on");
    assert_eq!(server.get(&path).json()["version"], 3);
}

#[test]
fn a_key_is_one_requests() {
    let server = Server::start();
    let first = run(&server, "a", "hello");
    let refused = |response: &Response| {
        assert_eq!((response.status, response.problem().as_str()), (422, "idempotency_key_reused"));
    };
    refused(&run(&server, "a", "hello!"));
    let elsewhere = asked(&path_of(&first), &server.key, "a", &json!({"message": "hello"}));
    refused(&server.ask(&elsewhere));
    let other = server.another_partner("other");
    let mut body = message_of("hello!");
    body["partner_id"] = json!("other");
    assert_eq!(server.ask(&asked("/v1/run", &other, "a", &body)).status, 200, "each partner has its own");
}

#[test]
fn a_request_that_failed_leaves_its_key_free() {
    let server = Server::start();
    assert_eq!(run(&server, "a", "").status, 422);
    let first = run(&server, "a", "Move my USDC to a better yield");
    assert_eq!(first.status, 200);
    let path = path_of(&first);
    let answer = |amount: Value| {
        let body = json!({"answers": {"venue": "aave_v3", "amount": amount}});
        server.ask(&asked(&path, &server.key, "b", &body)).status
    };
    assert_eq!(answer(json!("lots")), 422);
    assert_eq!(answer(json!(5)), 200);
}

#[test]
fn a_key_that_is_none_is_refused() {
    let server = Server::start();
    for name in ["", "two words", &"a".repeat(256), "ü"] {
        let response = run(&server, name, "hello");
        assert_eq!(
            (response.status, response.problem().as_str()),
            (400, "invalid_idempotency_key"),
            "{name}"
        );
    }
    let twice = asked("/v1/run", &server.key, "a", &message_of("hello")).header("idempotency-key", "b");
    assert_eq!(server.ask(&twice).problem(), "invalid_idempotency_key");
    assert_eq!(run(&server, &"a".repeat(255), "hello").status, 200);
}

#[test]
fn a_key_is_forgotten_in_the_end() {
    let server = Server::start_with(&[("GRIMOIRE_IDEMPOTENCY_KEEP", "1s")]);
    let first = run(&server, "a", "hello").body;
    let again = |_| {
        thread::sleep(Duration::from_millis(50));
        Some(run(&server, "a", "hello").body).filter(|body| *body != first)
    };
    (0..400).find_map(again).expect("it is forgotten");
}

#[test]
fn of_many_at_once_one_is_carried_out() {
    let server = Server::start();
    let bodies: Vec<String> = thread::scope(|scope| {
        let ask = || {
            (0..1_000)
                .find_map(|_| {
                    let response = run(&server, "a", "Swap 100 USDC to ETH on Uniswap");
                    match response.status {
                        200 => Some(response.body),
                        409 => {
                            assert_eq!(response.problem(), "idempotency_in_progress");
                            None
                        }
                        _ => panic!("{response:?}"),
                    }
                })
                .expect("the first one ends")
        };
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|t| t.join().expect("no panic")).collect()
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[test]
fn a_key_whose_session_expired_is_free() {
    let (ask, asks) = mpsc::channel();
    let (_speak, hear) = mpsc::channel();
    let chain = Broken::Slow(ask, Mutex::new(hear));
    let mut stuck = inside::Server::start_set(chain, &[("session.ttl", "1s")]);
    let request = asked("/v1/run", &stuck.key, "a", &message_of("Swap 100 USDC to ETH on Uniswap"));
    let mut wire = Wire::open(stuck.at);
    wire.send(request.bytes());
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    stuck.crash();
    let server = Server::start_in(stuck.folder.clone(), &[]);
    let answered = (0..400).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        Some(server.ask(&request)).filter(|response| response.status != 409)
    });
    let response = answered.expect("the session expires");
    assert_eq!(response.status, 200, "{response:?}");
}

#[tokio::test]
async fn only_the_claim_that_was_seen_is_freed() {
    let folder = TempDir::new().expect("a folder");
    let store =
        Store::open(&format!("sqlite:{}", folder.path().join("test.db").display())).await.expect("a store");
    store.add_partner(&Partner { name: "demo".into(), created_at: 1 }).await.expect("added");
    let claim = |run: i64| ClaimRow {
        partner: "demo".into(),
        key: "a".into(),
        fingerprint: vec![1],
        session: "sess_a".into(),
        run,
        stream: false,
        created_at: 1,
        version: None,
        body: None,
    };
    let row = SessionRow { id: "sess_a".into(), partner: "demo".into(), ..SessionRow::default() };
    store.add_session(row, None, Some(claim(2))).await.expect("added");
    store.drop_claim(&claim(1)).await.expect("it answers");
    assert_eq!(
        store.claim("demo", "a").await.expect("it answers"),
        Some(claim(2)),
        "that was an earlier one"
    );
    store.drop_claim(&claim(2)).await.expect("it answers");
    assert_eq!(store.claim("demo", "a").await.expect("it answers"), None);
}

#[test]
fn while_the_first_is_under_way_another_is_told_so_and_after_a_crash_takes_it_over() {
    let (ask, asks) = mpsc::channel();
    let (_speak, hear) = mpsc::channel();
    let mut stuck = inside::Server::start(Broken::Slow(ask, Mutex::new(hear)));
    let request = asked("/v1/run", &stuck.key, "a", &message_of("Swap 100 USDC to ETH on Uniswap"));
    let mut wire = Wire::open(stuck.at);
    wire.send(request.bytes());
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    let again = stuck.ask(&request);
    assert_eq!((again.status, again.problem().as_str()), (409, "idempotency_in_progress"));
    let other = asked("/v1/run", &stuck.key, "a", &message_of("Swap 1 USDC to ETH on Uniswap"));
    assert_eq!(stuck.ask(&other).problem(), "idempotency_key_reused");
    stuck.crash();
    let server = Server::start_in(stuck.folder.clone(), &[]);
    let taken_over = (0..400).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        let response = server.ask(&request);
        (response.status != 409).then_some(response)
    });
    let document = taken_over.expect("the lease runs out").json();
    assert_eq!((&document["type"], &document["version"]), (&json!("preview"), &json!(1)), "{document}");
    assert_eq!(server.ask(&request).json(), document);
}
