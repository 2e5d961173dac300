//! `GET /healthz`: the process lives. `GET /readyz`: it can take requests.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::{
    App,
    problem::{Kind, Problem},
};

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "It does", body = Object)))]
pub(super) async fn healthz() -> Response {
    ok(r#"{"ok":true}"#)
}

/// Whether the process can take requests.
#[utoipa::path(get, path = "/readyz", responses((status = 200, description = "It can", body = Object)))]
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    if app.is_draining() {
        return Err(Problem::new(Kind::Draining, "send requests to another one"));
    }
    app.sessions.ready().await?;
    Ok(ok(r#"{"ok":true,"ready":true}"#))
}

fn ok(document: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}
