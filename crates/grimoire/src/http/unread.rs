//! A request whose body nobody read to its end: its connection cannot go on, and the answer says so.
//!
//! What comes in: a request. What goes out: the same, and whether its body was read once it is answered. What it refuses
//! to know: what the body says.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use hyper::body::{Frame, SizeHint};

/// Whether a body was read to its end; nothing where there is none.
pub(super) struct Reading(Option<Arc<AtomicBool>>);

/// Watches the request's body.
pub(super) fn watch(request: Request) -> (Request, Reading) {
    if request.body().is_end_stream() {
        return (request, Reading(None));
    }
    let read = Arc::new(AtomicBool::new(false));
    let watched = Arc::clone(&read);
    (request.map(|body| Body::new(Watched { body, read: watched })), Reading(Some(read)))
}

impl Reading {
    /// Says that the connection is closed, where the body was not read to its end.
    pub(super) fn tell(&self, response: &mut Response) {
        if self.0.as_ref().is_some_and(|read| !read.load(Ordering::Relaxed)) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

struct Watched {
    body: Body,
    read: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let poll = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(poll, Poll::Ready(None)) || self.body.is_end_stream() {
            self.read.store(true, Ordering::Relaxed);
        }
        poll
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
