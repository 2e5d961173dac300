//! Problems as documents (RFC 9457).
//!
//! What comes in: a [`Problem`]. What goes out: the response. What it refuses to know: how it came about.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::problem::{Kind, Problem};
use crate::session::SessionError;

/// The document of the problem of the request with this id.
fn document(problem: &Problem, request_id: &str) -> Value {
    let kind = problem.kind;
    let mut document = json!({
        "ok": false,
        "type": format!("urn:grimoire:problem:{}", kind.code()),
        "title": kind.title(),
        "status": kind.status().as_u16(),
        "code": kind.code(),
        "detail": problem.detail,
        "request_id": request_id,
        "retryable": kind.is_retryable(),
    });
    if !problem.errors.is_empty() {
        document["errors"] = json!(problem.errors);
    }
    if let Some(standing) = &problem.standing {
        document["state"] = json!(standing.state);
        document["version"] = json!(standing.version);
    }
    document
}

/// A failure as streams tell it.
pub(super) fn explain(error: &SessionError, request_id: &str) -> Value {
    document(&error.into(), request_id)
}

/// The problem of the request with this id.
pub(super) fn render(problem: &Problem, request_id: &str) -> Response {
    let (kind, document) = (problem.kind, document(problem, request_id));
    let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
    let mut response = (kind.status(), media_type, document.to_string()).into_response();
    let headers = response.headers_mut();
    if kind == Kind::Unauthorized {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey realm=\"grimoire\""));
    }
    if kind.is_retryable() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(problem.retry_after_secs));
    }
    // What is left of such a body is not read.
    if matches!(kind, Kind::BodyTimeout | Kind::PayloadTooLarge) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The same in bytes, for what hyper refuses before there is a request; the connection is closed after it.
pub(super) fn bytes(problem: &Problem, request_id: &str, date: &str) -> Vec<u8> {
    let (status, document) = (problem.kind.status(), document(problem, request_id).to_string());
    let (reason, length) = (status.canonical_reason().unwrap_or_default(), document.len());
    format!(
        "HTTP/1.1 {} {reason}\r\ncontent-type: application/problem+json\r\nx-request-id: {request_id}\r\n\
         x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\
         content-length: {length}\r\ndate: {date}\r\n\r\n{document}",
        status.as_u16()
    )
    .into_bytes()
}

/// A bare response that carries the problem; whoever names the request renders it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
