//! The door of `/v1`: a known key, within its limits.
//!
//! What comes in: a request of the API. What goes out: the same with its [`Caller`], counted until the last byte of its
//! response is sent and what it set going has ended. What it refuses to know: what is asked.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Frame, SizeHint};

use super::{
    App,
    guesses::Peer,
    limit::{Refusal, Running},
    problem::{Kind, Problem},
};
use crate::auth::{Caller, Keyring};

/// What is left of a key's quota.
pub(super) const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// What a key's quota is.
pub(super) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

pub(super) async fn admit(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = request.headers().get("x-api-key").and_then(|value| value.to_str().ok());
    let Some(caller) = recognise(&app, key).await? else {
        let guessed = key.is_some_and(Keyring::has_form).then(|| request.extensions().get().copied());
        return Err(refuse(&app, guessed.flatten()));
    };
    let (admitted, left) = app.limiter.admit(&caller.key, Instant::now());
    let mut response = match admitted {
        Ok(running) => {
            let running = Arc::new(running);
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(Arc::clone(&running));
            next.run(request).await.map(|body| Body::new(Counted { body, _running: running }))
        }
        Err(Refusal::Rate(secs)) => {
            let detail = format!("the next request may come in {secs} s");
            Problem::new(Kind::RateLimited, detail).retry_after(secs).into_response()
        }
        Err(Refusal::Parallel) => {
            Problem::new(Kind::TooManyAtOnce, "wait until one of yours is answered").into_response()
        }
    };
    for (name, value) in [(LEFT, left.header()), (POLICY, app.limiter.policy())] {
        response.headers_mut().insert(name, HeaderValue::from_str(&value).expect("numbers are plain text"));
    }
    Ok(response)
}

async fn recognise(app: &App, key: Option<&str>) -> Result<Option<Caller>, Problem> {
    match key {
        Some(key) => Ok(app.keyring.recognise(key).await?),
        None => Ok(None),
    }
}

/// Whoever shows no good key is told so alike whatever the cause; an address that guesses, after many, when to come back.
/// A text that has no key's form is no guess.
fn refuse(app: &App, guesser: Option<Peer>) -> Problem {
    match guesser.and_then(|peer| app.guesses.note(peer, Instant::now())) {
        Some(secs) => {
            let detail = format!("the next bad key is answered in {secs} s; a good one at once");
            Problem::new(Kind::TooManyFailures, detail).retry_after(secs)
        }
        None => Problem::new(Kind::Unauthorized, "send a valid key in the x-api-key header"),
    }
}

/// A body that counts as under way until it is sent or given up.
struct Counted {
    body: Body,
    _running: Arc<Running>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
