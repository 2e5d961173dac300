//! Who may call.

use crate::{
    program::{Server, message_of},
    wire::{Request, Response},
};

const ASK: &str = "hello";

fn run_with_key(server: &Server, key: &str) -> Response {
    server.ask(&Request::new("POST", "/v1/run").key(key).json(&message_of(ASK)))
}

/// The document without what names the request.
fn anonymous(response: &Response) -> String {
    let id = response.header("x-request-id").expect("every response is named");
    response.body.replace(id, "")
}

#[test]
fn every_bad_key_is_refused_alike() {
    let server = Server::start();
    let secret_off_by_one = format!("{}{}", &server.key[..server.key.len() - 1], "!");
    let other = server.another_partner("other");
    let swapped = format!("{}{}", &server.key[..20], &other[20..]);
    let none = server.ask(&Request::new("POST", "/v1/run").json(&message_of(ASK)));
    assert_eq!((none.status, none.problem().as_str()), (401, "unauthorized"));
    assert!(none.header("www-authenticate").is_some());
    for key in
        ["", " ", "null", "gk_", &"a".repeat(9_000), &server.key.to_uppercase(), &secret_off_by_one, &swapped]
    {
        let response = run_with_key(&server, key);
        assert_eq!(response.status, 401, "{key}");
        assert_eq!(anonymous(&response), anonymous(&none), "{key}");
    }
}

#[test]
fn every_route_of_the_api_needs_a_key() {
    let server = Server::start();
    for (method, path) in [("POST", "/v1/run"), ("GET", "/v1/session/sess_x"), ("GET", "/v1/catalog")] {
        let response = server
            .ask(&Request::new(method, path).header("content-type", "application/json").raw("not even json"));
        assert_eq!((response.status, response.problem().as_str()), (401, "unauthorized"), "{path}");
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.ask(&Request::new("GET", path)).status, 200, "{path}");
    }
}

#[test]
fn a_key_that_is_no_text_is_refused() {
    let server = Server::start();
    let mut wire = crate::wire::Wire::open(server.at);
    wire.send(b"GET /v1/catalog HTTP/1.1\r\nhost: x\r\nx-api-key: \xff\xfe\r\n\r\n");
    assert_eq!(wire.receive().problem(), "unauthorized");
}

#[test]
fn two_keys_are_refused() {
    let server = Server::start();
    let response = server.ask(&Request::new("GET", "/v1/catalog").key(&server.key).key(&server.key));
    assert_eq!((response.status, response.problem().as_str()), (400, "duplicate_auth_header"));
}

#[test]
fn a_revoked_key_is_worthless_at_once() {
    let server = Server::start();
    assert_eq!(server.get("/v1/catalog").status, 200);
    let id = server.key.split('_').nth(1).expect("an id");
    assert_eq!(server.command(&["keys", "revoke", id]).code, Some(0));
    assert_eq!(server.get("/v1/catalog").status, 401);
}

#[test]
fn an_expired_key_is_worthless() {
    let server = Server::start();
    let key = server.command(&["keys", "create", "--partner", "demo", "--expires", "1s"]).out;
    let get = Request::new("GET", "/v1/catalog").key(key.trim());
    // The key's own second has to pass; what is awaited is the refusal.
    let refused = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        server.ask(&get).status == 401
    });
    assert!(refused, "an expired key still opens");
}

#[test]
fn a_partner_must_be_the_keys_own() {
    let server = Server::start();
    let other = server.another_partner("other");
    let response = run_with_key(&server, &other);
    assert_eq!((response.status, response.problem().as_str()), (403, "foreign_partner"));
    let nobody = server.ask(
        &Request::new("POST", "/v1/run")
            .key(&other)
            .json(&serde_json::json!({"partner_id": "nobody", "user_message": ASK})),
    );
    assert_eq!(anonymous(&response), anonymous(&nobody), "it must not show whether a partner exists");
}

#[test]
fn a_foreign_partner_is_refused_before_anything_else_of_the_body() {
    let server = Server::start();
    for rest in [
        serde_json::json!({}),
        serde_json::json!({"user_message": "", "stream": 1}),
        serde_json::json!({"user_message": ASK, "user_context": {"chain": "solana"}}),
        serde_json::json!({"user_message": ASK, "user_context": []}),
        serde_json::json!({"user_message": ASK, "nonsense": true}),
    ] {
        let mut body = rest;
        body["partner_id"] = "other".into();
        let response = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&body));
        assert_eq!((response.status, response.problem().as_str()), (403, "foreign_partner"), "{body}");
    }
}
