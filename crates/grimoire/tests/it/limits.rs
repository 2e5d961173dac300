//! What a key may ask, and what is counted.

use std::sync::{Mutex, mpsc};

use serde_json::json;

use crate::{
    inside::{self, Broken},
    program::{Server, message_of},
    wire::{PATIENCE, Request, Wire},
};

#[test]
fn a_key_that_asks_too_much_is_told_when_to_come_back() {
    let server = Server::start_with(&[("GRIMOIRE_KEYS_REQUESTS", "3"), ("GRIMOIRE_KEYS_WINDOW", "1h")]);
    for left in ["2", "1", "0"] {
        let response = server.get("/v1/catalog");
        assert_eq!(response.status, 200);
        assert_eq!(response.header("ratelimit-policy"), Some("\"key\";q=3;w=3600"));
        let told = response.header("ratelimit").expect("a header");
        assert!(told.starts_with(&format!("\"key\";r={left};t=")), "{told}");
    }
    let refused = server.run("hello");
    assert_eq!((refused.status, refused.problem().as_str()), (429, "rate_limited"));
    let wait: u64 = refused.header("retry-after").and_then(|secs| secs.parse().ok()).expect("seconds");
    assert!((1_190..=1_200).contains(&wait), "{wait}");
    assert!(refused.header("ratelimit").is_some_and(|told| told.starts_with("\"key\";r=0;t=")));
    assert_eq!(refused.header("ratelimit-policy"), Some("\"key\";q=3;w=3600"));
    assert_eq!(refused.json()["retryable"], true);
    assert_eq!(server.get("/healthz").status, 200);
    let nobody = server.ask(&Request::new("GET", "/v1/catalog"));
    assert_eq!((nobody.status, nobody.header("ratelimit")), (401, None));
    let other = server.another_partner("other");
    assert_eq!(server.ask(&Request::new("GET", "/v1/catalog").key(&other)).status, 200);
}

#[test]
fn a_key_has_so_many_requests_under_way_at_once() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let chain = Broken::Slow(asked, Mutex::new(hear));
    let server = inside::Server::start_set(chain, &[("keys.parallel", "1")]);
    let mut body = message_of("Swap 100 USDC to ETH on Uniswap");
    body["stream"] = json!(true);
    let mut first = Wire::open(server.at);
    first.send(Request::new("POST", "/v1/run").key(&server.key).json(&body).bytes());
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    assert_eq!(first.head().status, 200);
    let catalog = Request::new("GET", "/v1/catalog").key(&server.key);
    let refused = server.ask(&catalog);
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (429, "too_many_at_once"),
        "a stream is under way"
    );
    assert_eq!(refused.header("retry-after"), Some("1"));
    speak.send(()).expect("the chain listens");
    while first.chunk().is_some() {}
    let free = (0..1_000).any(|_| server.ask(&catalog).status == 200);
    assert!(free, "its end makes room");
}

#[test]
fn a_turn_counts_also_when_its_client_has_left() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let chain = Broken::Slow(asked, Mutex::new(hear));
    let server = inside::Server::start_set(chain, &[("keys.parallel", "1")]);
    let first = server.send();
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    drop(first);
    server.logged("status=499");
    let catalog = Request::new("GET", "/v1/catalog").key(&server.key);
    assert_eq!(server.ask(&catalog).status, 429, "the turn goes on");
    speak.send(()).expect("the chain listens");
    let free = (0..1_000).any(|_| server.ask(&catalog).status == 200);
    assert!(free, "its end makes room");
}

#[test]
fn a_key_has_so_many_turns_at_once_and_others_have_theirs() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let chain = Broken::Slow(asked, Mutex::new(hear));
    let server = inside::Server::start_set(chain, &[("keys.turns", "1"), ("turns.wait", "1h")]);
    let mut first = server.send();
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    let refused = server.send().receive();
    assert_eq!((refused.status, refused.problem().as_str()), (429, "too_many_turns"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    let catalog = Request::new("GET", "/v1/catalog").key(&server.key);
    assert_eq!(server.ask(&catalog).status, 200, "what is no turn is answered");
    speak.send(()).expect("the chain listens");
    assert_eq!(first.receive().problem(), "chain_unavailable");
    let mut again = server.send();
    asks.recv_timeout(PATIENCE).expect("its end makes room");
    speak.send(()).expect("the chain listens");
    again.receive();
}

#[test]
fn so_many_turns_wait_at_most() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let chain = Broken::Slow(asked, Mutex::new(hear));
    let server = inside::Server::start_set(chain, &[("turns.wait", "1h"), ("turns.waiting", "1")]);
    let mut first = server.send();
    asks.recv_timeout(PATIENCE).expect("the first turn is computed");
    let mut second = server.send();
    let two = || server.ask(&Request::new("GET", "/metrics")).body.contains("grimoire_turns_under_way 2");
    assert!((0..1_000).any(|_| two()), "the second turn waits");
    let third = server.send().receive();
    assert_eq!((third.status, third.problem().as_str()), (503, "overloaded"), "at once");
    for turn in [&mut first, &mut second] {
        speak.send(()).expect("the chain listens");
        assert_eq!(turn.receive().problem(), "chain_unavailable");
    }
}

#[test]
fn what_was_done_is_counted() {
    let server = Server::start();
    let id = server.run("hello").json()["session_id"].as_str().expect("an id").to_owned();
    server.get(&format!("/v1/session/{id}"));
    server.get("/v1/session/x");
    server.get("/nowhere");
    let response = server.ask(&Request::new("GET", "/metrics"));
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        "grimoire_http_requests_total{method=\"POST\",route=\"/v1/run\",status=\"200\"} 1",
        "grimoire_http_requests_total{method=\"GET\",route=\"/v1/session/{id}\",status=\"200\"} 1",
        "grimoire_http_requests_total{method=\"GET\",route=\"/v1/session/{id}\",status=\"404\"} 1",
        "grimoire_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "grimoire_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/session/{id}\"} 2",
        "grimoire_turns_under_way 0",
        "# TYPE grimoire_http_request_duration_seconds histogram",
    ] {
        assert!(response.body.lines().any(|l| l == line), "{line} is not in {}", response.body);
    }
    assert!(!response.body.contains(&id) && !response.body.contains("nowhere"));
}

#[test]
fn other_sites_are_told_nothing() {
    let server = Server::start();
    let request = Request::new("OPTIONS", "/v1/run").header("origin", "https://example.com");
    let response = server.ask(&request.header("access-control-request-method", "POST"));
    assert_eq!(response.header("access-control-allow-origin"), None);
    let response = server
        .ask(&Request::new("GET", "/v1/catalog").key(&server.key).header("origin", "https://example.com"));
    assert_eq!((response.status, response.header("access-control-allow-origin")), (200, None));
}

#[test]
fn a_partner_has_so_many_live_sessions() {
    let settings = [("GRIMOIRE_SESSION_MAX_LIVE", "2"), ("GRIMOIRE_SESSION_TTL", "2s")];
    let server = Server::start_with(&settings);
    let open = server.run("hello").json()["session_id"].as_str().expect("an id").to_owned();
    assert_eq!(server.run("hello").status, 200);
    let refused = server.run("hello");
    assert_eq!((refused.status, refused.problem().as_str()), (429, "quota_exceeded"));
    assert_eq!(refused.header("retry-after"), Some("10"));
    let other = server.another_partner("other");
    let mut body = message_of("hello");
    body["partner_id"] = json!("other");
    let theirs = server.ask(&Request::new("POST", "/v1/run").key(&other).json(&body));
    assert_eq!(theirs.status, 200, "each partner has its own");
    assert_eq!(server.get(&format!("/v1/session/{open}")).status, 200, "what there is goes on");
    let room = (0..400).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        server.run("hello").status == 200
    });
    assert!(room, "those that expire make room");
}
