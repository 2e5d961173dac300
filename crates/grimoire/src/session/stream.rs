//! A reader of a session's stream: it takes events from the store at its own pace.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{SessionError, Sessions, events, live::Progress, standing::Work};
use crate::auth::Caller;

/// How often the store is asked for events of a turn that another process computes.
const ELSEWHERE: Duration = Duration::from_millis(250);

/// Where a reader is in a stream. Readers hold nothing that the work waits for.
pub struct Events {
    sessions: Arc<Sessions>,
    caller: Caller,
    id: String,
    run: i64,
    last: i64,
    over: bool,
}

impl Sessions {
    /// The events of a session's latest stream after a number; nothing when there are no more.
    ///
    /// # Errors
    /// When the caller has no such session, or the store fails.
    pub async fn events(
        self: &Arc<Self>,
        caller: &Caller,
        id: &str,
        after: i64,
    ) -> Result<Option<Events>, SessionError> {
        let row = self.find(caller, id).await?;
        let mut some = self.store.events(&row.id, 0).await?.documents;
        let more = some.len() > usize::try_from(after).unwrap_or(usize::MAX);
        let open = some.pop().is_some_and(|last| !events::is_last(&last));
        if !more && !open {
            return Ok(None);
        }
        Ok(Some(self.read(caller, id, self.store.events(id, 0).await?.run, after)))
    }

    pub(super) fn read(self: &Arc<Self>, caller: &Caller, id: &str, run: i64, last: i64) -> Events {
        let (sessions, caller) = (Arc::clone(self), caller.clone());
        Events { sessions, caller, id: id.into(), run, last, over: false }
    }
}

impl Events {
    /// The session it tells of.
    #[must_use]
    pub fn session(&self) -> &str {
        &self.id
    }

    /// The next frames, once there are some; nothing at the end. May be given up and called again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next(&mut self) -> Result<Option<String>, SessionError> {
        while !self.over {
            // Noted before the store is read, so that nothing told in between is missed.
            let row = self.sessions.find(&self.caller, &self.id).await?;
            let mut told = self.sessions.live.of(&row.id, row.fence);
            if let Some(told) = &mut told {
                told.mark_unchanged();
            }
            let rows = self.sessions.store.events(&self.id, self.last).await?;
            if rows.run == self.run && !rows.documents.is_empty() {
                let numbered = (self.last + 1..).zip(&rows.documents);
                let text = numbered.map(|(seq, document)| events::frame(seq, document)).collect();
                self.over = rows.documents.last().is_some_and(|last| events::is_last(last));
                self.last += i64::try_from(rows.documents.len()).unwrap_or(0);
                return Ok(Some(text));
            }
            match Work::on(&row, self.sessions.clock.now()) {
                Work::Idle => self.over = true,
                Work::Abandoned => drop(self.sessions.take_over(row).await?),
                Work::Leased => wait(told).await,
            }
        }
        Ok(None)
    }
}

async fn wait(told: Option<watch::Receiver<Progress>>) {
    match told {
        // An error is the end of the turn, which is news as well.
        Some(mut told) => _ = told.changed().await,
        None => tokio::time::sleep(ELSEWHERE).await,
    }
}
