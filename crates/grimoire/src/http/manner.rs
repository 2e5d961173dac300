//! How a turn is asked for: the request's name, its `Idempotency-Key`.
//!
//! What comes in: a request's head and body. What goes out: a [`Manner`]. What it refuses to know: what is asked.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use sha2::{Digest, Sha256};

use super::{
    body::Fields,
    limit::Running,
    problem::{Kind, Problem},
    stamp::RequestId,
};
use crate::session::{Held, Key, Manner};

/// Characters a key may have.
const KEY_CHARS: usize = 255;

/// What a request is called, and where it went.
pub(super) struct Ask {
    id: String,
    route: String,
    running: Option<Arc<Running>>,
}

impl<S: Sync> FromRequestParts<S> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let id = parts.extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
        let running = parts.extensions.get::<Arc<Running>>().cloned();
        Ok(Self { id, running, route: format!("{} {}", parts.method, parts.uri.path()) })
    }
}

impl Ask {
    /// The manner of a request with this head and body. Two requests are the same when route and body are, byte for
    /// byte.
    pub(super) fn manner(self, headers: &HeaderMap, fields: &Fields) -> Result<Manner, Problem> {
        let mut named = headers.get_all("idempotency-key").iter();
        let key = match (named.next(), named.next()) {
            (None, _) => None,
            (Some(one), None) => Some(one.to_str().ok().filter(|name| is_usable(name)).ok_or_else(unusable)?),
            (Some(_), Some(_)) => return Err(unusable()),
        };
        let key = key.map(|name| {
            let hash = Sha256::new().chain_update(&self.route).chain_update([0]).chain_update(fields.bytes());
            Key { name: name.to_owned(), fingerprint: hash.finalize().into() }
        });
        Ok(Manner { stream: false, key, request: self.id, held: held(self.running)? })
    }
}

/// What the turn holds until it ends: its request's place, and its own.
fn held(running: Option<Arc<Running>>) -> Result<Held, Problem> {
    let many = || Problem::new(Kind::TooManyTurns, "wait until one of yours is answered");
    running.map(|running| running.turn().map(|turn| Arc::new(turn) as Arc<_>).ok_or_else(many)).transpose()
}

fn is_usable(name: &str) -> bool {
    (1..=KEY_CHARS).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic())
}

fn unusable() -> Problem {
    Problem::new(Kind::IdempotencyKey, "send one of 1 to 255 visible ASCII characters, such as a UUID")
}
