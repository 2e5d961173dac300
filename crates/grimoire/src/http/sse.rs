//! Server-sent events: `stream: true`, and `GET /v1/session/{id}/events`.
//!
//! What comes in: a reader of stored events. What goes out: its frames, with a comment where nothing happens. What it
//! refuses to know: what the events say.
//!
//! A reader takes events from the store when its socket takes them from it: one that stalls holds up nobody, and the
//! socket gives it up.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use futures_util::stream;

use super::{
    App,
    problem::{Kind, Problem},
    session,
};
use crate::{
    auth::{Caller, Keyring},
    session::{Events, SessionError},
};

pub(super) const MEDIA_TYPE: &str = "text/event-stream";

/// How often a comment says that the connection lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Which of a session's streams.
#[derive(serde::Deserialize)]
pub(super) struct Which {
    run: Option<i64>,
}

/// Gives the events of a stream of a session.
#[utoipa::path(
    get,
    path = "/v1/session/{id}/events",
    security(("key" = [])),
    params(
        ("id" = String, Path, description = "`sess_…`"),
        ("run" = Option<i64>, Query, description = "Which stream: its `x-stream-run`; the latest where it is left out"),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event the caller has")
    ),
    responses(
        (status = 200, description = "What comes after it", body = String, content_type = "text/event-stream"),
        (status = 204, description = "There is nothing more")
    )
)]
pub(super) async fn resume(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<Which>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = session::known(id)?;
    let Query(Which { run }) =
        query.map_err(|_| Problem::new(Kind::BadRequest, "`run` is a stream's x-stream-run"))?;
    let after = last_seen(&headers)?;
    Ok(app
        .sessions
        .events(&caller, &id, run, after)
        .await?
        .map_or(StatusCode::NO_CONTENT.into_response(), |events| respond(events, caller.clone(), &app)))
}

/// The number of the last event the reader has.
fn last_seen(headers: &HeaderMap) -> Result<i64, Problem> {
    let wrong = || Problem::new(Kind::EventId, "send the id of the last event you have, or leave it out");
    match headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?").trim()) {
        None | Some("") => Ok(0),
        Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().map_err(|_| wrong()),
        Some(_) => Err(wrong()),
    }
}

/// What every stream says of itself.
pub(super) fn naming(session: &str, run: i64) -> [(HeaderName, String); 3] {
    [
        (HeaderName::from_static("x-accel-buffering"), "no".into()),
        (HeaderName::from_static("x-session-id"), session.into()),
        (HeaderName::from_static("x-stream-run"), run.to_string()),
    ]
}

/// Who reads a stream.
struct Reader {
    events: Events,
    caller: Caller,
    keyring: Keyring,
}

/// The stream as it goes on, for as long as the caller's key is good.
pub(super) fn respond(events: Events, caller: Caller, app: &App) -> Response {
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    let named = AppendHeaders(naming(events.session(), events.run()));
    let reader = Reader { events, caller, keyring: app.keyring.clone() };
    (headers, named, Body::from_stream(stream::try_unfold(reader, next))).into_response()
}

async fn next(mut reader: Reader) -> Result<Option<(Bytes, Reader)>, SessionError> {
    let text = match tokio::time::timeout(HEARTBEAT, reader.events.next()).await {
        Ok(Ok(None)) => return Ok(None),
        Ok(Ok(Some(text))) => text,
        Ok(Err(error)) => {
            // The reader resumes where it was.
            tracing::warn!(error = &error as &dyn std::error::Error, "a stream is cut");
            return Err(error);
        }
        // Whoever resumes it is told why.
        Err(_) if !reader.keyring.still_knows(&reader.caller).await? => return Ok(None),
        Err(_) => ": still here\n\n".into(),
    };
    Ok(Some((text.into(), reader)))
}
