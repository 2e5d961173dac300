//! Every failure is a problem document, whatever the route.

use crate::{
    program::Server,
    wire::{Request, Wire},
};

#[test]
fn an_unknown_route_says_so() {
    let server = Server::start();
    for (method, path) in
        [("GET", "/"), ("GET", "/v1"), ("POST", "/v1/validate"), ("GET", "/v1/session"), ("GET", "/%2e%2e/x")]
    {
        let response = server.ask(&Request::new(method, path).key(&server.key));
        assert_eq!((response.status, response.problem().as_str()), (404, "not_found"), "{path}");
    }
}

#[test]
fn a_wrong_method_names_the_right_ones() {
    let server = Server::start();
    for (method, path, allow) in [
        ("DELETE", "/v1/run", "POST"),
        ("TRACE", "/v1/run", "POST"),
        ("GET", "/v1/run", "POST"),
        ("POST", "/v1/catalog", "GET,HEAD"),
        ("DELETE", "/healthz", "GET,HEAD"),
    ] {
        let response = server.ask(&Request::new(method, path).key(&server.key));
        assert_eq!(
            (response.status, response.problem().as_str()),
            (405, "method_not_allowed"),
            "{method} {path}"
        );
        assert_eq!(response.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn one_host_is_needed() {
    let server = Server::start();
    for hosts in ["", "host: a\r\nhost: b\r\n"] {
        let mut wire = Wire::open(server.at);
        wire.send(format!("GET /healthz HTTP/1.1\r\n{hosts}\r\n"));
        let response = wire.receive();
        assert_eq!((response.status, response.problem().as_str()), (400, "bad_request"));
    }
}

#[test]
fn what_is_no_http_is_refused_and_closed() {
    let server = Server::start();
    for head in [
        "content-length: -1",
        "content-length: +2",
        "content-length: 1\r\ncontent-length: 2",
        "transfer-encoding: xchunked",
    ] {
        let mut wire = Wire::open(server.at);
        wire.send(format!("POST /v1/run HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n{{}}"));
        let response = wire.receive();
        assert_eq!((response.status, response.problem().as_str()), (400, "bad_request"), "{head}");
        assert_eq!(response.header("connection"), Some("close"), "{head}");
        assert_eq!(wire.rest(), b"", "{head}: nothing more is answered");
    }
}

#[test]
fn what_is_refused_after_a_good_request_follows_its_answer() {
    let server = Server::start();
    let mut wire = Wire::open(server.at);
    let good = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    wire.send(format!("{good}{good}nonsense\r\n\r\n{good}"));
    assert_eq!([wire.receive().status, wire.receive().status], [200, 200]);
    let refused = wire.receive();
    assert_eq!((refused.status, refused.problem().as_str()), (400, "bad_request"));
    assert_eq!(wire.rest(), b"");
    let log = server.talk_with("bad_request");
    assert!(log.contains(refused.header("x-request-id").expect("an id")), "{log}");
    let metrics = server.ask(&Request::new("GET", "/metrics")).body;
    let line = "grimoire_http_requests_total{method=\"other\",route=\"none\",status=\"400\"} 1";
    assert!(metrics.lines().any(|l| l == line), "{metrics}");
}

#[test]
fn every_response_is_named() {
    let server = Server::start();
    let ids: Vec<_> = ["/healthz", "/nowhere", "/v1/catalog"]
        .map(|path| server.get(path).header("x-request-id").expect("an id").to_owned())
        .into();
    assert!(ids.iter().all(|id| id.starts_with("req_")), "{ids:?}");
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn keys_are_not_logged_even_at_the_lowest_level() {
    let server = Server::start_with(&[("GRIMOIRE_LOG_LEVEL", "trace")]);
    let secret = server.key.split('_').nth(2).expect("a secret").to_owned();
    server.run("swap 31337 USDC to ETH");
    let log = server.talk_with("path=\"/v1/run\"");
    let leak =
        log.lines().filter(|line| !line.contains("shown this once")).find(|line| line.contains(&secret));
    assert_eq!(leak, None, "a key was logged");
}

#[test]
fn messages_are_not_logged_at_the_usual_level() {
    let server = Server::start();
    server.run("swap 31337 USDC to ETH");
    assert!(!server.talk_with("path=\"/v1/run\"").contains("31337"), "a message was logged");
}
