//! A turn whose lease went to somebody else: what came of it there.
//!
//! What comes in: the turn as it was begun here. What goes out: its result, or whether it can still have one. What it
//! refuses to know: what this process came to.

use super::{Answer, SessionError, Sessions, job::Job, standing::Standing, task::Task};
use crate::document::{self, Head, Kept};

impl Sessions {
    /// What was committed of a turn whose lease is no longer held.
    ///
    /// # Errors
    /// When nothing of it was, or that is not known.
    pub(super) async fn overtaken(&self, job: &Job) -> Result<Answer, SessionError> {
        let row = self.store.session(&job.row.partner, &job.row.id).await?;
        let row = row.ok_or(SessionError::Unknown)?;
        let now = self.clock.now();
        if row.version == job.row.version {
            return Err(if row.expires_at <= now {
                SessionError::Expired
            } else if Task::of(&row).is_some_and(|task| task.run == job.task.run) {
                SessionError::Overtaken
            } else {
                SessionError::Underway(Standing { state: self.state(&row).into(), version: row.version })
            });
        }
        // Of what came after the next version nothing tells whose that one was.
        if row.version != job.row.version + 1 {
            return Err(SessionError::Overtaken);
        }
        if row.run != job.task.run {
            let standing = Standing { state: self.state(&row).into(), version: row.version };
            return Err(SessionError::Stale(standing));
        }
        let head = Head { session_id: row.id.clone(), version: row.version, expires_at: row.expires_at };
        let kept = Kept {
            state: &row.state,
            replied: &row.state,
            unresolved: &row.unresolved,
            body: &row.reply,
            summary: &row.summary,
        };
        let document = document::kept_turn(&kept, &head)?;
        let (session, run) = (head.session_id, row.run);
        Ok(Answer { document, version: row.version, session, run, stream: false, replayed: false })
    }
}
