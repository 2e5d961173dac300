//! Looking at a session.

use serde_json::json;

use crate::{
    program::Server,
    wire::{Request, Response},
};

fn open(server: &Server) -> String {
    let response = server.run("Swap 100 USDC to ETH on Uniswap");
    assert_eq!(response.status, 200, "{response:?}");
    response.json()["session_id"].as_str().expect("an id").to_owned()
}

fn look(server: &Server, id: &str, tag: &str) -> Response {
    server
        .ask(&Request::new("GET", &format!("/v1/session/{id}")).key(&server.key).header("if-none-match", tag))
}

#[test]
fn what_is_said_is_kept_by_nobody_in_between() {
    let server = Server::start();
    let id = server.run("hello").json()["session_id"].as_str().expect("an id").to_owned();
    let session = format!("/v1/session/{id}");
    assert_eq!(server.get(&session).header("cache-control"), Some("private, no-store"));
    for path in [session.as_str(), "/healthz", "/nowhere"] {
        assert_eq!(server.get(path).header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn a_session_shows_its_latest_preview() {
    let server = Server::start();
    let run = server.run("Swap 100 USDC to ETH on Uniswap").json();
    let id = run["session_id"].as_str().expect("an id");
    let session = server.get(&format!("/v1/session/{id}"));
    let document = session.json();
    assert_eq!(session.status, 200);
    assert_eq!(document["ok"], true);
    assert_eq!(document["state"], "PREVIEW_READY");
    assert_eq!(document["unresolved_fields"], json!([]));
    assert_eq!(document["latest_preview"], run["preview"]);
    assert_eq!(document["latest_summary"], run["summary"]);
    assert_eq!(document["expires_at"], run["expires_at"]);
    assert_eq!(document["version"], run["version"]);
    assert_eq!(session.header("etag"), Some("\"1\""));
}

#[test]
fn a_session_shows_its_open_fields() {
    let server = Server::start();
    let run = server.run("Move my USDC to a better yield").json();
    let id = run["session_id"].as_str().expect("an id");
    let document = server.get(&format!("/v1/session/{id}")).json();
    assert_eq!(document["state"], "CLARIFYING");
    assert_eq!(document["unresolved_fields"], json!(["venue", "amount"]));
    assert_eq!(document["fields"], run["fields"]);
    assert_eq!(document["latest_preview"], json!(null));
    assert_eq!(document["latest_summary"], run["message"]);
}

#[test]
fn a_known_version_is_not_sent_again() {
    let server = Server::start();
    let id = open(&server);
    for tag in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"] {
        let response = look(&server, &id, tag);
        assert_eq!((response.status, response.body.as_str()), (304, ""), "{tag}");
        assert_eq!(response.header("etag"), Some("\"1\""));
    }
    assert_eq!(look(&server, &id, "\"2\"").status, 200);
}

#[test]
fn a_foreign_session_is_like_none() {
    let server = Server::start();
    let id = open(&server);
    let other = server.another_partner("other");
    let ask = |id: &str| {
        let response = server.ask(
            &Request::new("GET", &format!("/v1/session/{id}")).key(&other).header("if-none-match", "\"1\""),
        );
        assert_eq!((response.status, response.problem().as_str()), (404, "not_found"), "{id}");
        response.body.replace(response.header("x-request-id").expect("an id"), "")
    };
    let foreign = ask(&id);
    let long = "a".repeat(4_000);
    for id in [
        "sess_00000000000000000000000000",
        "x",
        "%00",
        "%ff",
        "..%2f..%2fetc%2fpasswd",
        "'%20OR%20'1'='1",
        &long,
    ] {
        assert_eq!(ask(id), foreign, "{id}");
    }
}

#[test]
fn a_session_that_expired_long_ago_is_forgotten() {
    let brief = [("GRIMOIRE_SESSION_TTL", "3s"), ("GRIMOIRE_SESSION_KEEP", "1s")];
    let server = Server::start_with(&brief);
    let id = open(&server);
    // Sweeping is the first thing a start does; only time has to pass before it.
    let forgotten = |_| {
        std::thread::sleep(std::time::Duration::from_millis(500));
        let mut later = Server::start_in(std::sync::Arc::clone(&server.folder), &brief);
        later.key.clone_from(&server.key);
        let gone = |_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            later.get(&format!("/v1/session/{id}")).status == 404
        };
        (0..10).any(gone).then_some(())
    };
    (0..20).find_map(forgotten).expect("the session is forgotten");
}

#[test]
fn an_expired_session_is_shown_as_such() {
    let server = Server::start_with(&[("GRIMOIRE_SESSION_TTL", "1s")]);
    let run = server.run("Swap 100 USDC to ETH on Uniswap").json();
    assert!(run["preview"]["simulation"]["plan_hash"].is_string(), "{run}");
    let id = run["session_id"].as_str().expect("an id");
    // The session's own second has to pass; what is awaited is the change of its tag.
    let again = |_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        Some(look(&server, id, "\"1\"")).filter(|response| response.status == 200)
    };
    let expired = (0..500).find_map(again).expect("the session expires");
    let document = expired.json();
    assert_eq!(document["state"], "EXPIRED");
    assert_eq!(document["latest_preview"]["executable"], false);
    assert_eq!(document["latest_preview"]["blocked"]["code"], "session_expired");
    assert_eq!(document["latest_preview"]["transactions"], json!(null));
    assert_eq!(document["latest_preview"]["simulation"]["plan_hash"], json!(null));
    assert_eq!(document["latest_preview"]["simulation"]["status"], run["preview"]["simulation"]["status"]);
    assert_ne!(expired.header("etag"), Some("\"1\""));
}

#[test]
fn a_session_of_a_later_version_is_left_to_it() {
    let server = Server::start();
    let id = open(&server);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let url = format!("sqlite:{}", server.folder.path().join("grimoire.db").display());
        let mut db = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.expect("it opens");
        let later = "UPDATE sessions SET draft = replace(draft, '\"format\":1', '\"format\":2')";
        sqlx::query(later).execute(&mut db).await.expect("changed");
    });
    let post = Request::new("POST", &format!("/v1/session/{id}")).key(&server.key);
    let response = server.ask(&post.json(&json!({"message": "make it 200"})));
    assert_eq!((response.status, response.problem().as_str()), (503, "session_newer"));
    assert_eq!(response.json()["retryable"], true);
    let shown = server.get(&format!("/v1/session/{id}")).json();
    assert_eq!((&shown["state"], &shown["version"]), (&json!("PREVIEW_READY"), &json!(1)), "it still shows");
}
