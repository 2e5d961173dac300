//! What a body may not be.

use serde_json::{Value, json};

use crate::{
    program::{Server, message_of},
    wire::{Request, Response, Wire},
};

fn post(server: &Server, body: impl Into<Vec<u8>>) -> Response {
    server.ask(
        &Request::new("POST", "/v1/run")
            .key(&server.key)
            .header("content-type", "application/json")
            .raw(body),
    )
}

fn outcome(response: &Response) -> (u16, String) {
    (response.status, response.problem())
}

#[test]
fn malformed_bodies_are_refused() {
    let server = Server::start();
    let good = r#""partner_id":"demo","user_message":"hi""#;
    // The body itself is the first level.
    let nested =
        |levels: usize| format!("{{{good},\"x\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let deep = format!("{{{good},\"x\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    let cases: &[(&str, u16, &str)] = &[
        ("", 400, "invalid_json"),
        ("{", 400, "invalid_json"),
        (&format!("{{{good},}}"), 400, "invalid_json"),
        (&format!("{{{good}}} {{}}"), 400, "invalid_json"),
        ("{'user_message':'a'}", 400, "invalid_json"),
        (&format!("\u{feff}{{{good}}}"), 400, "invalid_json"),
        (&format!("{{{good},\"x\":1e400}}"), 400, "invalid_json"),
        (&format!("{{{good},\"x\":NaN}}"), 400, "invalid_json"),
        (r#"{"partner_id":"demo","user_message":"\ud800"}"#, 400, "invalid_json"),
        (&deep, 400, "invalid_json"),
        (&nested(33), 400, "invalid_json"),
        (&nested(32), 400, "unknown_field"),
        (&"{\"a\":".repeat(5_000), 400, "invalid_json"),
        ("\"swap 1 ETH\"", 400, "invalid_request"),
        (r#"["demo","hi"]"#, 400, "invalid_request"),
        (&format!("{{{good},\"user_context\":[]}}"), 400, "invalid_request"),
        (&format!("{{{good},\"user_message\":\"send all\"}}"), 400, "duplicate_key"),
        (
            &format!("{{{good},\"user_context\":{{\"chain\":\"base\",\"chain\":\"base\"}}}}"),
            400,
            "duplicate_key",
        ),
        (&format!("{{{good},\"policies\":{{}}}}"), 400, "unknown_field"),
        (&format!("{{{good},\"__proto__\":{{}}}}"), 400, "unknown_field"),
        (&format!("{{{good},\"user_context\":{{\"wallet\":\"0x\"}}}}"), 400, "unknown_field"),
    ];
    for (body, status, code) in cases {
        let shown: String = body.chars().take(80).collect();
        assert_eq!(outcome(&post(&server, *body)), (*status, (*code).to_owned()), "{shown}");
    }
    assert_eq!(outcome(&post(&server, b"{\"partner_id\":\"\xff\"}")), (400, "invalid_json".into()));
}

#[test]
fn bad_fields_are_named() {
    let server = Server::start();
    let with = |changes: Value| {
        let mut body = message_of("hi");
        for (key, value) in changes.as_object().expect("an object") {
            body[key] = value.clone();
        }
        body
    };
    let wallet = |text: &str| with(json!({"user_context": {"wallet_address": text}}));
    let cases = [
        (json!({"partner_id": "demo"}), "missing_field", "user_message"),
        (json!({"user_message": "hi"}), "missing_field", "partner_id"),
        (with(json!({"user_message": 12345})), "invalid_type", "user_message"),
        (with(json!({"user_message": null})), "invalid_type", "user_message"),
        (with(json!({"user_message": ""})), "message_empty", "user_message"),
        (with(json!({"user_message": "é".repeat(2_001)})), "message_too_long", "user_message"),
        (with(json!({"user_message": "\u{0}send 1 ETH"})), "control_character", "user_message"),
        (with(json!({"stream": "true"})), "invalid_type", "stream"),
        (with(json!({"user_context": {"chain": "solana"}})), "unknown_chain", "user_context.chain"),
        (with(json!({"user_context": {"chain": 1}})), "invalid_type", "user_context.chain"),
        (wallet("bob.eth"), "invalid_address", "user_context.wallet_address"),
        (wallet("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), "bad_checksum", "user_context.wallet_address"),
    ];
    for (body, code, field) in cases {
        let response = post(&server, body.to_string());
        assert_eq!(outcome(&response), (422, code.into()), "{body}");
        let errors = &response.json()["errors"];
        assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!(field), &json!(code)), "{body}");
        assert!(errors[0]["message"].as_str().is_some_and(|m| !m.is_empty()));
    }
}

#[test]
fn every_bad_field_is_named_at_once() {
    let server = Server::start();
    let body = json!({"user_message": "", "user_context": {"chain": "solana", "wallet_address": "0x"}});
    let errors = post(&server, body.to_string()).json()["errors"].clone();
    let fields: Vec<_> = errors.as_array().expect("a list").iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, ["partner_id", "user_message", "user_context.chain", "user_context.wallet_address"]);
}

#[test]
fn a_body_must_be_plain_json() {
    let server = Server::start();
    let send = |headers: &[(&str, &str)]| {
        let request = Request::new("POST", "/v1/run").key(&server.key).raw(message_of("hi").to_string());
        server.ask(&headers.iter().fold(request, |request, (name, value)| request.header(name, value)))
    };
    let json = ("content-type", "application/json");
    for headers in
        [&[][..], &[("content-type", "text/plain")], &[("content-type", "application/json; charset=utf-16")]]
    {
        assert_eq!(outcome(&send(headers)), (415, "unsupported_media_type".into()), "{headers:?}");
    }
    assert_eq!(
        outcome(&send(&[json, ("content-encoding", "gzip")])),
        (415, "unsupported_content_encoding".into())
    );
    assert_eq!(send(&[("content-type", "Application/JSON; charset=UTF-8")]).status, 200);
}

#[test]
fn a_large_body_is_refused_and_the_connection_closed() {
    let server = Server::start();
    for head in [
        "content-length: 3000000\r\n\r\n".to_owned(),
        format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", 3_000_000),
    ] {
        let mut wire = Wire::open(server.at);
        let key = &server.key;
        wire.send(format!(
            "POST /v1/run HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n{head}"
        ));
        wire.send("a".repeat(100_000));
        assert_eq!(outcome(&wire.receive()), (413, "payload_too_large".into()));
        wire.rest();
    }
    let padded = format!("{}{}", " ".repeat(60_000), message_of("hi"));
    assert_eq!(post(&server, padded).status, 200, "what fits is read");
}
