//! The caller of a request, by its `x-api-key`.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{
    App,
    problem::{Kind, Problem},
};
use crate::auth::Caller;

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let key = parts.headers.get("x-api-key").and_then(|value| value.to_str().ok());
        let caller = match key {
            Some(key) => app.keyring.recognise(key).await?,
            None => None,
        };
        caller.ok_or_else(|| Problem::new(Kind::Unauthorized, "send a valid key in the x-api-key header"))
    }
}
