//! Which other sites' pages may read answers (CORS): those an operator lists, and by default none.
//!
//! What comes in: a request's `Origin`. What goes out: the headers that let its page read the answer, and the answer to a
//! preflight. What it refuses to know: keys; a page sends its own in a header, cookies are never asked for.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::App;

/// What a page may send and read beside what every page may.
const SENT: &str = "content-type, x-api-key, idempotency-key, if-match, if-none-match, last-event-id";
const READ: &str = "etag, idempotency-replayed, ratelimit, ratelimit-policy, retry-after, x-request-id, x-session-id, x-stream-run";

/// How many seconds a browser may remember a preflight.
const REMEMBERED: &str = "600";

/// What a page is told with every answer, failures too.
pub(super) const TOLD: [HeaderName; 3] =
    [header::VARY, header::ACCESS_CONTROL_ALLOW_ORIGIN, header::ACCESS_CONTROL_EXPOSE_HEADERS];

pub(super) async fn cors(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if app.origins.is_empty() {
        return next.run(request).await;
    }
    let origin =
        request.headers().get(header::ORIGIN).filter(|origin| app.origins.has(origin.as_bytes())).cloned();
    let mut response = match &origin {
        Some(_) if is_preflight(&request) => preflight(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        set(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, READ);
    }
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
    set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, SENT);
    set(headers, header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
