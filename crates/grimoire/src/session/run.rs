//! The first turn of a conversation.

use std::sync::Arc;

use super::{Manner, Outcome, SessionError, Sessions, job::Job, task::Task, telling::Telling, work::Pending};
use crate::{
    auth::Caller,
    document::State,
    ident,
    opening::Opening,
    store::{Begun, SessionRow},
};

/// The lease of a session that is new.
const FIRST: i64 = 1;

impl Sessions {
    /// Takes a first turn and keeps it; the answer is on disk before it is given. A caller that goes away leaves the
    /// work to finish by itself.
    ///
    /// # Errors
    /// When the turn has no reply, or cannot be kept; when the key is another request's, or the first one is under way.
    pub async fn run(
        self: &Arc<Self>,
        caller: &Caller,
        opening: Opening,
        manner: Manner,
    ) -> Result<Outcome, SessionError> {
        if let Some(outcome) = self.asked_before(caller, manner.key.as_ref()).await? {
            return Ok(outcome);
        }
        let (sessions, partner) = (Arc::clone(self), caller.partner.clone());
        // Begun in a task of its own as well: a caller that leaves while it is committed leaves nothing half done.
        let begun = tokio::spawn(async move { sessions.open(partner, opening, manner).await });
        begun.await.map_err(|_| SessionError::Died)??.outcome(self, caller).await
    }

    async fn open(
        self: Arc<Self>,
        partner: String,
        opening: Opening,
        manner: Manner,
    ) -> Result<Pending, SessionError> {
        let place = Some(self.line_up()?);
        let now = self.clock.now();
        self.make_room(&partner, now).await?;
        let task = manner.task(Some(opening.message), Vec::new(), FIRST);
        let row = SessionRow {
            id: ident::random("sess"),
            partner,
            state: State::Created.as_str().into(),
            version: 0,
            chain: opening.chain.map(|chain| chain.as_str().into()),
            wallet: opening.wallet.map(|wallet| wallet.to_checksum(None)),
            unresolved: "[]".into(),
            created_at: now,
            updated_at: now,
            expires_at: self.expiry(now, now),
            fence: FIRST,
            ..SessionRow::default()
        };
        // Whoever has neither a key nor a stream cannot ask for it before it is answered.
        let known = manner.key.is_some() || manner.stream;
        let mut job = Job { row, task, known, taken_over: false, held: manner.held.clone(), place };
        if known && !self.announce(&mut job, &manner, now).await? {
            return Err(SessionError::KeyBusy);
        }
        Ok(self.set_to_work(job, State::Created))
    }

    /// Takes room for one more session of a partner.
    async fn make_room(&self, partner: &str, now: i64) -> Result<(), SessionError> {
        let mut taken = self.room.take(partner, now);
        if taken.is_none() {
            let live = self.store.live_sessions(partner, now, self.room.most()).await?;
            self.room.counted(partner, live, now);
            taken = self.room.take(partner, now);
        }
        if taken == Some(false) { Err(SessionError::Crowded(self.room.most())) } else { Ok(()) }
    }

    /// Commits that a first turn is begun; `false` when its key is somebody else's.
    async fn announce(&self, job: &mut Job, manner: &Manner, now: i64) -> Result<bool, SessionError> {
        job.row.working = Some(State::Created.as_str().into());
        job.row.work = Some(serde_json::to_string(&job.task)?);
        job.row.lease_until = Some(now + self.lease);
        let claim = manner.key.as_ref().map(|key| key.claim(&job.row, FIRST, manner.stream, now));
        let events = job.task.told().map(Telling::opening);
        Ok(self.store.add_session(job.row.clone(), events, claim).await? == Begun::Yes)
    }
}

impl Manner {
    /// What is to be done under a lease of this fence.
    pub(super) fn task(&self, message: Option<String>, answers: Vec<(String, String)>, fence: i64) -> Task {
        let key = self.key.as_ref().map(|key| key.name.clone());
        Task { message, answers, run: fence, stream: self.stream, key, request: self.request.clone() }
    }
}
