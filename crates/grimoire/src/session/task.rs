//! What a turn is to do, kept with its lease, so that whoever takes it over can do it again.

use grimoire_core::turn::Request;
use serde::{Deserialize, Serialize};

use crate::store::SessionRow;

/// What was said, and how it is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Task {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) answers: Vec<(String, String)>,
    /// What it is called within its session: the fence it began under, whoever ends it.
    pub(super) run: i64,
    /// Whether its events are told.
    #[serde(default)]
    pub(super) stream: bool,
    /// The idempotency key it was asked under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
    /// What the request is called.
    #[serde(default)]
    pub(super) request: String,
}

impl Task {
    /// As core takes it, without the conversation before it.
    pub(super) fn request(&self) -> Request<'_> {
        Request { message: self.message.as_deref(), answers: &self.answers, ..Request::default() }
    }

    /// The stream its events go to, where there is one.
    pub(super) fn told(&self) -> Option<i64> {
        self.stream.then_some(self.run)
    }

    /// What is under way on a session, or was abandoned.
    pub(super) fn of(row: &SessionRow) -> Option<Self> {
        row.work.as_deref().and_then(|work| serde_json::from_str(work).ok())
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.message.is_none() && self.answers.is_empty()
    }
}
