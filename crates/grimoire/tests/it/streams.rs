//! `stream: true`, and resuming.

use std::sync::{Mutex, mpsc};

use serde_json::{Value, json};

use crate::{
    inside::{self, Broken},
    program::{self, Server, message_of},
    wire::{PATIENCE, Request, Response, Wire},
};

fn streamed(message: &str) -> Value {
    let mut body = message_of(message);
    body["stream"] = json!(true);
    body
}

fn run(server: &Server, message: &str) -> Response {
    server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&streamed(message)))
}

/// The events of a stream, each checked to be one numbered line, counted from `first`.
fn events(body: &str, first: usize) -> Vec<Value> {
    let frames: Vec<&str> = body.split_terminator("\n\n").filter(|frame| !frame.starts_with(':')).collect();
    let event = |(frame, seq): (&&str, usize)| {
        let rest = frame.strip_prefix(&format!("id: {seq}\ndata: ")).unwrap_or_else(|| panic!("{frame}"));
        let event: Value = serde_json::from_str(rest).unwrap_or_else(|e| panic!("{e}: {rest}"));
        assert_eq!(event["seq"], seq);
        event
    };
    frames.iter().zip(first..).map(event).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    kinds.dedup();
    kinds
}

fn resume(server: &Server, id: &str, after: &str) -> Response {
    let request = Request::new("GET", &format!("/v1/session/{id}/events")).key(&server.key);
    server.ask(&request.header("last-event-id", after))
}

/// A streamed first turn that waits for its chain.
struct Held {
    server: inside::Server,
    wire: Wire,
    speak: mpsc::Sender<()>,
}

impl Held {
    fn begin() -> Self {
        let (asked, asks) = mpsc::channel();
        let (speak, hear) = mpsc::channel();
        let server = inside::Server::start(Broken::Slow(asked, Mutex::new(hear)));
        let mut wire = Wire::open(server.at);
        let body = streamed("Swap 100 USDC to ETH on Uniswap");
        wire.send(Request::new("POST", "/v1/run").key(&server.key).json(&body).bytes());
        asks.recv_timeout(PATIENCE).expect("the turn is computed");
        Self { server, wire, speak }
    }
}

#[test]
fn a_preview_arrives_as_events() {
    let server = Server::start();
    let response = run(&server, "Swap 100 USDC to ETH on Uniswap");
    assert_eq!((response.status, response.header("content-type")), (200, Some("text/event-stream")));
    assert_eq!(response.header("content-encoding"), None);
    let events = events(&response.body, 1);
    assert_eq!(kinds(&events), ["thinking", "summary_chunk", "preview_ready", "done"]);
    assert_eq!(events[0]["message"], "Analyzing intent...");
    assert_eq!(events[1]["message"], "Building action plan...");
    let ready = &events[events.len() - 2];
    let id = ready["session_id"].as_str().expect("an id");
    assert_eq!(Some(id), response.header("x-session-id"));
    assert_eq!((&ready["state"], &ready["version"]), (&json!("PREVIEW_READY"), &json!(1)));
    let session = server.get(&format!("/v1/session/{id}")).json();
    assert_eq!(session["latest_preview"], ready["preview"]);
    let summary: String =
        events.iter().filter(|e| e["part"] == "summary").filter_map(|e| e["message"].as_str()).collect();
    assert_eq!(session["latest_summary"], summary);
    let at = |message: &str| events.iter().position(|e| e["message"] == message).expect("it is told");
    assert!(at(&summary) < at("Simulating transactions..."), "it is told once it is known");
}

#[test]
fn a_clarification_arrives_as_events_and_so_does_the_answer() {
    let server = Server::start();
    let response = run(&server, "Move my USDC to a better yield");
    let asked = events(&response.body, 1);
    assert_eq!(kinds(&asked), ["thinking", "clarification", "done"]);
    assert_eq!(asked[1]["fields"][0]["id"], "venue");
    assert_eq!(asked[1]["state"], "CLARIFYING");
    let id = asked[1]["session_id"].as_str().expect("an id");
    let body = json!({"answers": {"venue": "morpho_blue", "amount": 5000}, "stream": true});
    let post = Request::new("POST", &format!("/v1/session/{id}")).key(&server.key);
    let answered = server.ask(&post.json(&body));
    let told = events(&answered.body, 1);
    assert_eq!(kinds(&told), ["thinking", "summary_chunk", "preview_ready", "done"]);
    assert_eq!(told[told.len() - 2]["version"], 2);
    assert_eq!(resume(&server, id, "0").body, answered.body, "the latest stream is kept");
}

#[test]
fn what_is_wrong_before_is_ordinary_json() {
    let server = Server::start();
    let response = run(&server, "");
    assert_eq!((response.status, response.problem().as_str()), (422, "message_empty"));
    let id =
        server.run("Move my USDC to a better yield").json()["session_id"].as_str().expect("an id").to_owned();
    let post = |body: Value| {
        server.ask(&Request::new("POST", &format!("/v1/session/{id}")).key(&server.key).json(&body))
    };
    let wrong = post(json!({"answers": {"venue": "nowhere", "x": 1}, "stream": true}));
    assert_eq!((wrong.status, wrong.problem().as_str()), (422, "invalid_answers"));
    assert_eq!(wrong.json()["errors"].as_array().map(Vec::len), Some(2));
    let stale = post(json!({"message": "hi", "version": 7, "stream": true}));
    assert_eq!((stale.status, stale.problem().as_str()), (409, "version_conflict"));
    assert_eq!(resume(&server, &id, "").status, 204, "nothing of it is left");
    assert_eq!(server.get(&format!("/v1/session/{id}")).json()["version"], 1);
}

#[test]
fn a_stream_is_resumed_byte_for_byte_from_every_number() {
    let server = Server::start();
    let whole = run(&server, "Swap 100 USDC to ETH on Uniswap");
    let id = whole.header("x-session-id").expect("an id").to_owned();
    let frames: Vec<&str> = whole.body.split_inclusive("\n\n").collect();
    let plain = server.get(&format!("/v1/session/{id}/events"));
    assert_eq!((plain.status, &plain.body), (200, &whole.body));
    for (after, _) in frames.iter().enumerate() {
        let rest = resume(&server, &id, &after.to_string());
        assert_eq!((rest.status, rest.body), (200, frames[after..].concat()), "after {after}");
    }
    for after in [frames.len(), frames.len() + 1, usize::MAX / 2] {
        let rest = resume(&server, &id, &after.to_string());
        assert_eq!((rest.status, rest.body.as_str()), (204, ""), "after {after}");
    }
    for after in ["-1", "abc", "1.5", "3 4", "18446744073709551616", "+1"] {
        let rest = resume(&server, &id, after);
        assert_eq!((rest.status, rest.problem().as_str()), (400, "invalid_event_id"), "after {after}");
    }
    let other = server.another_partner("other");
    let foreign = server.ask(&Request::new("GET", &format!("/v1/session/{id}/events")).key(&other));
    assert_eq!((foreign.status, foreign.problem().as_str()), (404, "not_found"));
}

#[test]
fn a_reader_that_leaves_at_any_byte_misses_nothing() {
    let server = Server::start();
    for cut in (0..40).map(|n| n * 97) {
        let mut wire = Wire::open(server.at);
        let body = streamed("Swap 100 USDC to ETH on Uniswap");
        wire.send(Request::new("POST", "/v1/run").key(&server.key).json(&body).bytes());
        let id = wire.head().header("x-session-id").expect("an id").to_owned();
        let mut seen = Vec::new();
        while seen.len() < cut
            && let Some(chunk) = wire.chunk()
        {
            seen.extend(chunk);
        }
        seen.truncate(cut);
        drop(wire);
        let seen = String::from_utf8_lossy(&seen).into_owned();
        let kept = seen.rfind("\n\n").map_or(0, |at| at + 2);
        let last = seen[..kept].matches("\n\n").count();
        let response = resume(&server, &id, &last.to_string());
        let rest = if response.status == 204 { String::new() } else { response.body };
        let all = events(&format!("{}{rest}", &seen[..kept]), 1);
        assert_eq!(kinds(&all), ["thinking", "summary_chunk", "preview_ready", "done"], "cut at {cut}");
        assert_eq!(server.get(&format!("/v1/session/{id}")).json()["version"], 1);
    }
}

#[test]
fn a_failure_in_the_middle_is_told_before_the_end() {
    let server = inside::Server::start(Broken::Gone);
    let body = streamed("Swap 100 USDC to ETH on Uniswap");
    let response = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body));
    assert_eq!(response.status, 200);
    let told = events(&response.body, 1);
    assert_eq!(kinds(&told), ["thinking", "summary_chunk", "error", "done"]);
    let problem = &told[told.len() - 2]["problem"];
    assert_eq!((&problem["code"], &problem["status"]), (&json!("chain_unavailable"), &json!(503)));
    assert_eq!(problem["request_id"].as_str(), response.header("x-request-id"));
    assert!(!response.body.contains("secret"), "{}", response.body);
    let id = response.header("x-session-id").expect("an id");
    let look = server.ask(&Request::new("GET", &format!("/v1/session/{id}")).key(&server.key)).json();
    assert_eq!((&look["state"], &look["version"]), (&json!("CREATED"), &json!(0)));
    assert_eq!((&look["latest_preview"], &look["latest_summary"]), (&json!(null), &json!(null)));
}

#[test]
fn two_readers_of_work_under_way_see_the_same_bytes() {
    let Held { server, wire: mut first, speak } = Held::begin();
    let id = first.head().header("x-session-id").expect("an id").to_owned();
    let path = format!("/v1/session/{id}");
    let state = server.ask(&Request::new("GET", &path).key(&server.key)).json()["state"].clone();
    assert_eq!(state, "BUILDING", "a session is seen before its first turn ends");
    let mut second = Wire::open(server.at);
    second.send(Request::new("GET", &format!("{path}/events")).key(&server.key).bytes());
    assert_eq!(second.head().status, 200);
    let begun = second.chunk().expect("what is stored already");
    speak.send(()).expect("the chain listens");
    let rest = |wire: &mut Wire| {
        let mut all = Vec::new();
        while let Some(chunk) = wire.chunk() {
            all.extend(chunk);
        }
        String::from_utf8(all).expect("UTF-8")
    };
    let (one, two) = (rest(&mut first), rest(&mut second));
    assert_eq!(one, format!("{}{two}", String::from_utf8(begun).expect("UTF-8")));
    assert_eq!(kinds(&events(&one, 1)), ["thinking", "summary_chunk", "error", "done"]);
}

#[test]
fn a_stream_whose_worker_died_goes_on_elsewhere_without_a_gap() {
    let (asked, asks) = mpsc::channel();
    let (_speak, hear) = mpsc::channel();
    let mut stuck = inside::Server::start(Broken::Slow(asked, Mutex::new(hear)));
    let mut wire = Wire::open(stuck.at);
    let body = streamed("Swap 100 USDC to ETH on Uniswap");
    wire.send(Request::new("POST", "/v1/run").key(&stuck.key).json(&body).bytes());
    asks.recv_timeout(PATIENCE).expect("the turn is computed");
    let id = wire.head().header("x-session-id").expect("an id").to_owned();
    let begun = String::from_utf8(wire.chunk().expect("what is stored already")).expect("UTF-8");
    stuck.crash();
    let mut server = Server::start_in(stuck.folder.clone(), &[]);
    server.key.clone_from(&stuck.key);
    let last = begun.matches("\n\n").count();
    let rest = resume(&server, &id, &last.to_string());
    assert_eq!(rest.status, 200);
    let all = events(&format!("{begun}{}", rest.body), 1);
    assert_eq!(kinds(&all), ["thinking", "summary_chunk", "preview_ready", "done"]);
    let stages: Vec<_> = all.iter().filter(|e| e["part"] == "progress").map(|e| &e["message"]).collect();
    assert_eq!(stages, ["Building action plan...", "Simulating transactions..."], "none is told twice");
    assert_eq!(resume(&server, &id, &all.len().to_string()).status, 204);
}

#[test]
fn a_turn_that_is_refused_takes_no_stream_with_it() {
    let server = Server::start();
    let first = run(&server, "Move my USDC to a better yield");
    let id = first.header("x-session-id").expect("an id").to_owned();
    let post = |body: Value| {
        server.ask(&Request::new("POST", &format!("/v1/session/{id}")).key(&server.key).json(&body))
    };
    assert_eq!(post(json!({"answers": {"venue": "nowhere"}, "stream": true})).status, 422);
    assert_eq!(resume(&server, &id, "0").body, first.body);
    let second = post(json!({"answers": {"venue": "morpho_blue", "amount": 5000}, "stream": true}));
    assert_eq!(resume(&server, &id, "0").body, second.body);
    let of = |response: &Response| response.header("x-stream-run").expect("a run").to_owned();
    assert_ne!(of(&first), of(&second));
    for (run, status) in [(of(&first), 204), (of(&second), 200), ("x".into(), 400)] {
        let path = format!("/v1/session/{id}/events?run={run}");
        let rest = server.ask(&Request::new("GET", &path).key(&server.key).header("last-event-id", "1"));
        assert_eq!(rest.status, status, "{run}");
        assert!(status != 200 || second.body.ends_with(&rest.body));
    }
}

#[test]
fn an_event_that_could_not_be_stored_leaves_no_gap() {
    let server = Server::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let url = format!("sqlite:{}", server.folder.path().join("grimoire.db").display());
        let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.expect("it opens");
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.document LIKE '%Simulating%'
                      BEGIN SELECT RAISE(ABORT, 'no'); END";
        sqlx::query(refuse).execute(&mut db).await.expect("created");
    });
    for _ in 0..10 {
        let response = run(&server, "Swap 100 USDC to ETH on Uniswap");
        // What was told before goes on to its end; where nothing was, the failure is the answer.
        if response.status == 200 {
            let told = events(&response.body, 1);
            assert_eq!(kinds(&told), ["thinking", "summary_chunk", "error", "done"]);
            assert!(told.iter().all(|e| e["message"] != "Simulating transactions..."), "{told:?}");
        } else {
            assert_eq!((response.status, response.problem().as_str()), (503, "storage_failed"));
        }
    }
}

#[test]
fn a_session_that_told_a_failure_stays() {
    let server = inside::Server::start(Broken::Gone);
    let body = streamed("Swap 100 USDC to ETH on Uniswap");
    let first = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body));
    let path = format!("/v1/session/{}", first.header("x-session-id").expect("an id"));
    let again = server.ask(
        &Request::new("POST", &path)
            .key(&server.key)
            .json(&json!({"message": "Swap 100 USDC to ETH on Uniswap"})),
    );
    assert_eq!((again.status, again.problem().as_str()), (503, "chain_unavailable"));
    assert_eq!(server.ask(&Request::new("GET", &path).key(&server.key)).status, 200);
}

#[test]
fn a_stream_sent_again_is_the_same_stream() {
    let server = Server::start();
    let request = Request::new("POST", "/v1/run").key(&server.key).header("idempotency-key", "a");
    let request = request.json(&streamed("Swap 100 USDC to ETH on Uniswap"));
    let first = server.ask(&request);
    let again = server.ask(&request);
    assert_eq!((again.status, &again.body), (200, &first.body));
    for name in ["content-type", "x-session-id", "x-stream-run", "x-accel-buffering", "cache-control"] {
        assert!(first.header(name).is_some(), "{name}");
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
}

#[test]
fn a_quiet_stream_is_kept_alive() {
    let Held { server: _server, mut wire, speak } = Held::begin();
    wire.head();
    let comment = (0..5).find_map(|_| wire.chunk().filter(|chunk| chunk.starts_with(b":")));
    assert!(comment.is_some_and(|chunk| chunk.ends_with(b"\n\n")));
    speak.send(()).expect("the chain listens");
    // The chain hears it before the server is dropped.
    while wire.chunk().is_some() {}
}

#[test]
fn a_quiet_stream_ends_with_its_key() {
    let Held { server, mut wire, speak } = Held::begin();
    let path = format!("/v1/session/{}/events", wire.head().header("x-session-id").expect("an id"));
    let id = server.key.split('_').nth(1).expect("an id");
    assert_eq!(program::run(server.folder.path(), &["keys", "revoke", id]).code, Some(0));
    let told: Vec<u8> = std::iter::from_fn(|| wire.chunk()).flatten().collect();
    let told = String::from_utf8(told).expect("UTF-8");
    assert!(!told.contains("\"done\"") && !told.contains(": still here"), "{told}");
    let resumed = server.ask(&Request::new("GET", &path).key(&server.key));
    assert_eq!((resumed.status, resumed.problem().as_str()), (401, "unauthorized"));
    speak.send(()).expect("the chain listens");
}
