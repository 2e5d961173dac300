//! A reader of a session's stream: it takes events from the store at its own pace.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{SessionError, Sessions, events, live::Progress, standing::Work, task::Task};
use crate::{auth::Caller, store::SessionRow};

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
    /// The events of a stream after a number, of the session's latest one where none is named; nothing when there are
    /// no more.
    ///
    /// # Errors
    /// When the caller has no such session, or the store fails.
    pub async fn events(
        self: &Arc<Self>,
        caller: &Caller,
        id: &str,
        run: Option<i64>,
        after: i64,
    ) -> Result<Option<Events>, SessionError> {
        // Before the events: what is not under way then has told everything.
        let row = self.find(caller, id).await?;
        let run = match run {
            Some(run) => run,
            None => match self.store.latest_run(id).await? {
                Some(run) => run,
                None => return Ok(None),
            },
        };
        let some = self.store.events(id, run, 0).await?.documents;
        let more = some.len() > usize::try_from(after).unwrap_or(usize::MAX);
        let open = some.last().is_some_and(|last| !events::is_last(last)) && self.tells(&row, run);
        Ok((more || open).then(|| self.read(caller, id, run, after)))
    }

    /// Whether a stream may go on: its turn is under way, or abandoned and not superseded.
    fn tells(&self, row: &SessionRow, run: i64) -> bool {
        let alive = row.working.is_some() && row.expires_at > self.clock.now();
        alive && Task::of(row).is_some_and(|task| task.told() == Some(run))
    }

    pub(super) fn read(self: &Arc<Self>, caller: &Caller, id: &str, run: i64, last: i64) -> Events {
        let (sessions, caller) = (Arc::clone(self), caller.clone());
        Events { sessions, caller, id: id.into(), run, last, over: false }
    }
}

impl Events {
    /// Which of the session's streams it is.
    #[must_use]
    pub fn run(&self) -> i64 {
        self.run
    }

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
            let rows = self.sessions.store.events(&self.id, self.run, self.last).await?;
            if !rows.documents.is_empty() {
                let numbered = (self.last + 1..).zip(&rows.documents);
                let text = numbered.map(|(seq, document)| events::frame(seq, document)).collect();
                self.over = rows.documents.last().is_some_and(|last| events::is_last(last));
                self.last += i64::try_from(rows.documents.len()).unwrap_or(0);
                return Ok(Some(text));
            }
            if !self.sessions.tells(&row, self.run) {
                break;
            }
            match Work::on(&row, self.sessions.clock.now(), self.sessions.lease) {
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
