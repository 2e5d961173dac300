//! Clients that dawdle, and the end of the server.

use std::net::TcpStream;

use crate::{
    program::{Server, message_of},
    wire::{Request, Wire},
};

#[test]
fn connections_that_say_too_little_are_closed() {
    let server = Server::start_with(&[("GRIMOIRE_HTTP_HEAD_TIMEOUT", "1s")]);
    for start in ["", "GET /healthz HTTP/1.1\r\nhost: x\r\n", "PRI * HTTP/2.0\r\n", "\r\n"] {
        let mut wire = Wire::open(server.at);
        wire.send(start);
        wire.rest();
    }
    let mut idle = Wire::open(server.at);
    idle.send(Request::new("GET", "/healthz").bytes());
    assert_eq!(idle.receive().status, 200);
    assert_eq!(idle.rest(), b"", "an idle connection is closed in silence");
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start_with(&[("GRIMOIRE_HTTP_BODY_TIMEOUT", "1s")]);
    let mut wire = Wire::open(server.at);
    let request = Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hi")).bytes();
    wire.send(&request[..request.len() - 5]);
    let response = wire.receive();
    assert_eq!((response.status, response.problem().as_str()), (408, "body_timeout"));
    wire.rest();
}

#[test]
fn a_client_that_reads_nothing_is_given_up() {
    let server = Server::start_with(&[("GRIMOIRE_HTTP_WRITE_TIMEOUT", "1s")]);
    Wire::open(server.at).flood(&Request::new("GET", "/v1/catalog").key(&server.key).bytes());
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn connections_are_kept_between_requests() {
    let server = Server::start();
    let mut wire = Wire::open(server.at);
    for _ in 0..3 {
        wire.send(Request::new("GET", "/healthz").bytes());
        assert_eq!(wire.receive().status, 200);
    }
}

#[test]
fn a_refused_request_keeps_its_connection_where_its_body_is_there() {
    let server = Server::start();
    let mut wire = Wire::open(server.at);
    for _ in 0..3 {
        wire.send(Request::new("POST", "/v1/run").json(&message_of("hi")).bytes());
        let refused = wire.receive();
        assert_eq!((refused.status, refused.header("connection")), (401, None));
    }
    let request = Request::new("POST", "/v1/run").json(&message_of("hi")).bytes();
    wire.send(&request[..request.len() - 1]);
    let refused = wire.receive();
    assert_eq!((refused.status, refused.header("connection")), (401, Some("close")));
    wire.rest();
}

#[test]
fn more_connections_than_allowed_wait_their_turn() {
    let server = Server::start_with(&[("GRIMOIRE_HTTP_MAX_CONNECTIONS", "1")]);
    let mut first = Wire::open(server.at);
    first.send(Request::new("GET", "/healthz").bytes());
    assert_eq!(first.receive().status, 200);
    let mut second = Wire::open(server.at);
    second.send(Request::new("GET", "/healthz").bytes());
    drop(first);
    assert_eq!(second.receive().status, 200);
}

#[test]
fn sigterm_lets_requests_finish_and_takes_no_new_ones() {
    let mut server = Server::start();
    let mut wire = Wire::open(server.at);
    let request = Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hi")).bytes();
    let (begin, end) = request.split_at(request.len() - 5);
    // The first request holds that the connection is accepted before the signal.
    wire.send(Request::new("GET", "/healthz").bytes());
    assert_eq!(wire.receive().status, 200);
    wire.send(begin);
    let mut idle = Wire::open(server.at);
    idle.send(Request::new("GET", "/healthz").bytes());
    idle.receive();
    server.signal("-TERM");
    idle.rest();
    while TcpStream::connect(server.at).is_ok() {}
    wire.send(end);
    assert_eq!(wire.receive().status, 200);
    assert_eq!(server.end(), Some(0));
}
