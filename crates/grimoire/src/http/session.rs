//! `GET /v1/session/{id}`

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    App,
    problem::{Kind, Problem},
};
use crate::auth::Caller;

pub(super) async fn look(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let unknown = || Problem::new(Kind::NotFound, "there is no such session");
    let Path(id) = id.map_err(|_| unknown())?;
    let look = app.sessions.look(&caller, &id).await?.ok_or_else(unknown)?;
    let tag = format!("\"{}\"", look.tag);
    let shown = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".into())];
    if matches(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, shown).into_response());
    }
    Ok((shown, [(header::CONTENT_TYPE, "application/json")], look.document).into_response())
}

/// Whether `If-None-Match` names the tag; weak ones count as the same (RFC 9110, 13.1.2).
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let listed = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    listed
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
