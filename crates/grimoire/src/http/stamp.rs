//! What holds for every request: it has an id, its failure is a problem document, its panic ends nobody else's.
//!
//! What comes in: any request. What goes out: the router's response, named and logged. What it refuses to know:
//! bodies and keys, which are never logged.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;

use super::{
    App, admit, cors,
    problem::{Kind, Problem, UNANSWERED},
    render::{self, render},
    unread,
};
use crate::ident;

/// What a request is called.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

/// Runs the rest of the way and names the result.
pub(super) async fn stamp(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let visit = Visit::begin(app, &request);
    request.extensions_mut().insert(RequestId(visit.id.clone()));
    let (request, rest) = unread::watch(request);
    let response = match check(&request) {
        Ok(()) => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(request_id = visit.id, method = %visit.method, path = visit.path, "a request panicked");
            Problem::internal().into_response()
        }),
        Err(problem) => {
            // What is left of its body is known once it is given up.
            drop(request);
            problem.into_response()
        }
    };
    let code = response.extensions().get::<Problem>().map(Problem::code);
    let mut response = rendered(response, &visit.id);
    rest.settle(&mut response).await;
    let headers = response.headers_mut();
    headers.insert("x-request-id", HeaderValue::from_str(&visit.id).expect("an id is plain text"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    visit.end(response.status().as_u16(), code);
    response
}

/// The answer to what could not be read as a request: named, logged and counted like every other.
pub(super) fn unread(app: &App, problem: &Problem, date: &str) -> Vec<u8> {
    let (id, status) = (ident::random("req"), problem.kind.status().as_u16());
    tracing::info!(request_id = id, status, code = problem.code(), "request");
    // What method it was to be is not known.
    app.metrics.count(&Method::CONNECT, None, status, Duration::ZERO);
    render::bytes(problem, &id, date)
}

/// A request under way. It is logged once, also when it is dropped because its client left.
struct Visit {
    id: String,
    method: Method,
    path: String,
    begun: Instant,
    route: Option<MatchedPath>,
    app: Arc<App>,
    logged: bool,
}

impl Visit {
    fn begin(app: Arc<App>, request: &Request) -> Self {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let route = request.extensions().get::<MatchedPath>().cloned();
        Self { id: ident::random("req"), method, path, begun: Instant::now(), route, app, logged: false }
    }

    fn end(mut self, status: u16, code: Option<&str>) {
        self.log(status, code);
    }

    fn log(&mut self, status: u16, code: Option<&str>) {
        let (method, path, micros) = (&self.method, &self.path, self.begun.elapsed().as_micros());
        tracing::info!(request_id = self.id, %method, path, status, code, micros, "request");
        let route = self.route.as_ref().map(MatchedPath::as_str);
        self.app.metrics.count(method, route, status, self.begun.elapsed());
        self.logged = true;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if !self.logged {
            self.log(UNANSWERED, None);
        }
    }
}

/// A problem becomes its document; the headers the router set on it stay.
fn rendered(mut response: Response, request_id: &str) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut document = render(&problem, request_id);
    for name in [header::ALLOW, admit::LEFT, admit::POLICY].into_iter().chain(cors::TOLD) {
        if let Some(value) = response.headers().get(&name) {
            document.headers_mut().insert(name, value.clone());
        }
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
