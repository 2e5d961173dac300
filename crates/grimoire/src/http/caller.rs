//! The caller of a request, as the door let it in.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::problem::Problem;
use crate::auth::Caller;

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // A route that is not behind the door is our own mistake, and lets nobody in.
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }
}
