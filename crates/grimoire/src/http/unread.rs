//! A request whose body nobody read to its end. What of it is there already is thrown away, so that the connection can go
//! on; where more is to come it cannot, and the answer says so.
//!
//! What comes in: a request, and its answer. What goes out: the same, the answer with `connection: close` where it must.
//! What it refuses to know: what the body says.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use hyper::body::{Frame, SizeHint};

/// How much is thrown away at most, and how long what was sent with the head may take to be there.
const MOST_BYTES: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_millis(10);

/// What was left of a body; nothing once it was read to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest(Arc<Mutex<Option<Body>>>);

/// Watches the request's body.
pub(super) fn watch(request: Request) -> (Request, Rest) {
    let rest = Rest::default();
    if request.body().is_end_stream() {
        return (request, rest);
    }
    let left = rest.clone();
    (request.map(|body| Body::new(Watched { body: Some(body), left })), rest)
}

impl Rest {
    /// Throws the rest away, or says that the connection is closed.
    pub(super) async fn settle(self, response: &mut Response) {
        let left = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(body) = left else { return };
        if response.headers().contains_key(header::CONNECTION) {
            return;
        }
        let read = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, MOST_BYTES)).await;
        if !matches!(read, Ok(Ok(_))) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// A body that leaves what is unread when it is dropped.
struct Watched {
    body: Option<Body>,
    left: Rest,
}

impl Drop for Watched {
    fn drop(&mut self) {
        *self.left.0.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let poll = Pin::new(body).poll_frame(cx);
        if matches!(poll, Poll::Ready(None)) {
            self.body = None;
        }
        poll
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}
