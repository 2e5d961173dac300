//! How a session stands: what is kept of it, and the turn that is under way.

use crate::{document::State, store::SessionRow};

/// What a caller is told of a session that took no turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// A state of the API.
    pub state: String,
    /// The version that the next turn goes on from.
    pub version: i64,
}

/// Who is at work on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nobody.
    Idle,
    /// The holder of a lease.
    Leased,
    /// Nobody any more: whoever was is gone, and the work may be taken over.
    Abandoned,
}

impl Work {
    /// `lease` is how long one lasts: one that ends later than that was taken by a clock that was moved since.
    pub(super) fn on(row: &SessionRow, now: i64, lease: i64) -> Self {
        match (&row.working, row.lease_until) {
            (Some(_), Some(until)) if now < until && until <= now + lease => Self::Leased,
            (Some(_), _) => Self::Abandoned,
            (None, _) => Self::Idle,
        }
    }
}

/// The state a session is shown in. `stage` is what this process knows of the turn under way.
pub(super) fn state(row: &SessionRow, stage: Option<State>, now: i64) -> &str {
    if row.expires_at <= now {
        return State::Expired.as_str();
    }
    match (&row.working, stage) {
        (Some(_), Some(stage)) => stage.as_str(),
        (Some(working), None) => working,
        (None, _) => &row.state,
    }
}
