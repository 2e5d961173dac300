//! `GET /v1/session/{id}`

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{App, openapi::schema::SessionDocument, problem::Problem};
use crate::{auth::Caller, session::SessionError};

/// Shows where a session stands.
#[utoipa::path(
    get,
    path = "/v1/session/{id}",
    security(("key" = [])),
    params(
        ("id" = String, Path, description = "`sess_…`"),
        ("If-None-Match" = Option<String>, Header, description = "Tags the caller has")
    ),
    responses(
        (status = 200, description = "How it stands; the tag is its version", body = SessionDocument),
        (status = 304, description = "The caller has it")
    )
)]
pub(super) async fn look(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let look = app.sessions.look(&caller, &known(id)?).await?;
    let tag = format!("\"{}\"", look.tag);
    let shown = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-store".into())];
    if matches(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, shown).into_response());
    }
    Ok((shown, [(header::CONTENT_TYPE, "application/json")], look.document).into_response())
}

/// The id in the path; one that is no text is no session's.
pub(super) fn known(id: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    Ok(id.map_err(|_| SessionError::Unknown)?.0)
}

/// Whether `If-None-Match` names the tag; weak ones count as the same (RFC 9110, 13.1.2).
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let listed = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    listed
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
