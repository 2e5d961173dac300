//! What holds for every request: it has an id, its failure is a problem document, its panic ends nobody else's.
//!
//! What comes in: any request. What goes out: the router's response, named and logged. What it refuses to know:
//! bodies and keys, which are never logged.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::Request,
    http::{HeaderValue, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;

use super::{
    problem::{Kind, Problem},
    render::render,
};
use crate::ident;

/// Runs the rest of the way and names the result.
pub(super) async fn stamp(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let request_id = ident::random("req");
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = match check(&request) {
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(request_id, %method, path, "a request panicked");
            Problem::internal().into_response()
        }),
        Err(problem) => problem.into_response(),
    };
    let code = response.extensions().get::<Problem>().map(Problem::code);
    let mut response = rendered(response, &request_id);
    let headers = response.headers_mut();
    headers.insert("x-request-id", HeaderValue::from_str(&request_id).expect("an id is plain text"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let micros = begun.elapsed().as_micros();
    tracing::info!(request_id, %method, path, status = response.status().as_u16(), code, micros, "request");
    response
}

/// A problem becomes its document; the headers the router set on it stay.
fn rendered(mut response: Response, request_id: &str) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut document = render(&problem, request_id);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        document.headers_mut().insert(header::ALLOW, allow.clone());
    }
    document
}

/// What hyper lets pass and a proxy may read otherwise.
fn check(request: &Request) -> Result<(), Problem> {
    let count = |name: &str| request.headers().get_all(name).iter().count();
    if count("x-api-key") > 1 {
        return Err(Problem::new(Kind::DuplicateKeyHeader, "send one"));
    }
    if request.version() == Version::HTTP_11 && count("host") != 1 {
        return Err(Problem::new(Kind::BadRequest, "send one host header"));
    }
    Ok(())
}
