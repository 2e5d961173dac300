//! A turn that is begun, as it is handed from who begins it to who works at it.

use tokio::sync::OwnedSemaphorePermit;

use super::{Held, task::Task};
use crate::store::{ClaimKey, SessionRow};

/// A turn that is begun: the session as it was, under its new lease.
pub(super) struct Job {
    /// The session; its fence is the lease's.
    pub(super) row: SessionRow,
    /// What is to be done.
    pub(super) task: Task,
    /// Whether another worker began it and is gone: then it outlives what hinders this one.
    pub(super) taken_over: bool,
    /// Kept until its end.
    pub(super) held: Held,
    /// Its place among those that are computed or wait for it.
    pub(super) place: Option<OwnedSemaphorePermit>,
}

impl Job {
    /// The claim it is asked under.
    pub(super) fn claim(&self) -> Option<ClaimKey> {
        let (partner, session) = (self.row.partner.clone(), self.row.id.clone());
        self.task.key.clone().map(|key| ClaimKey { partner, key, session, run: self.task.run })
    }
}
