//! A turn from its lease to its end, in a task of its own: a caller who leaves neither cancels nor doubles it.

use std::sync::Arc;

use grimoire_core::turn::Turned;
use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};

use super::{
    Answer, Events, SessionError, Sessions,
    events::Told,
    job::Job,
    live::{Entry, Progress},
    telling::Telling,
};
use crate::{
    auth::Caller,
    document::{self, Head, State},
    store::{EventRows, SessionRow, StoreError, TurnRow},
};

/// A turn that this process is at.
pub(super) struct Pending {
    id: String,
    run: Option<i64>,
    result: oneshot::Receiver<Result<Answer, SessionError>>,
    progress: watch::Receiver<Progress>,
}

/// What a caller gets: the answer, or the stream that ends with it.
pub enum Outcome {
    /// The answer.
    Answer(Answer),
    /// The stream.
    Stream(Events),
}

impl Pending {
    /// The answer, once it is kept.
    pub(super) async fn answer(self) -> Result<Answer, SessionError> {
        self.result.await.map_err(|_| SessionError::Died)?
    }

    /// The answer; or the stream, once the turn has got so far that nothing is wrong with what was asked.
    pub(super) async fn outcome(
        self,
        sessions: &Arc<Sessions>,
        caller: &Caller,
    ) -> Result<Outcome, SessionError> {
        let Some(run) = self.run else { return self.answer().await.map(Outcome::Answer) };
        let Self { id, mut result, mut progress, .. } = self;
        let mut begun = progress.clone();
        tokio::select! {
            biased;
            Ok(_) = begun.wait_for(Progress::has_begun) => {}
            result = &mut result => match result.map_err(|_| SessionError::Died)? {
                Err(error) if !progress.borrow_and_update().has_begun() => return Err(error),
                _ => {}
            },
        }
        Ok(Outcome::Stream(sessions.read(caller, &id, run, 0)))
    }
}

impl Sessions {
    /// Sets a turn to work.
    pub(super) fn set_to_work(self: &Arc<Self>, mut job: Job, stage: State) -> Pending {
        let (tell, result) = oneshot::channel();
        let (entry, progress) = self.live.enter(&job.row.id, job.row.fence, stage);
        let (id, run) = (job.row.id.clone(), job.task.told());
        let held = (job.held.take(), job.place.take());
        let sessions = Arc::clone(self);
        tokio::spawn(async move {
            let result = sessions.carry_out(&job, &entry).await;
            drop((entry, held));
            // Whoever asked may have left.
            _ = tell.send(result);
        });
        Pending { id, run, result, progress }
    }

    /// A place among the turns that are computed or wait for that.
    pub(super) fn line_up(&self) -> Result<OwnedSemaphorePermit, SessionError> {
        Arc::clone(&self.line).try_acquire_owned().map_err(|_| SessionError::Busy)
    }

    async fn carry_out(self: &Arc<Self>, job: &Job, entry: &Entry) -> Result<Answer, SessionError> {
        let mut telling = None;
        let error = match self.attempt(job, entry, &mut telling).await {
            Ok(answer) => return Ok(answer),
            Err(SessionError::Overtaken) => match self.overtaken(job).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            },
            Err(error) => error,
        };
        if job.taken_over && matches!(error, SessionError::Busy | SessionError::Store(_)) {
            // The lease runs out, and the next request takes the turn: it may be kept yet.
            tracing::warn!(error = &error as &dyn std::error::Error, "abandoned work was not carried out");
            return Err(SessionError::Overtaken);
        }
        let events = telling.map_or_else(
            || job.task.told().map(Telling::nothing),
            |told| Some(told.failed(entry.has_begun(), &self.explained(job, &error))),
        );
        match self.release(job, events).await {
            Ok(true) => Err(error),
            Ok(false) => self.overtaken(job).await,
            // Once the lease has run out, whoever comes next takes the turn: it may be kept yet.
            Err(held) => {
                tracing::warn!(error = &held as &dyn std::error::Error, "a lease was not given back");
                Err(SessionError::Overtaken)
            }
        }
    }

    async fn attempt(
        self: &Arc<Self>,
        job: &Job,
        entry: &Entry,
        telling: &mut Option<Telling>,
    ) -> Result<Answer, SessionError> {
        *telling = Telling::of(self, job).await?;
        let (turned, untold) = self.compute(job, entry, telling).await?;
        self.keep(job, &turned, telling.as_ref().map(|telling| (telling, untold))).await
    }

    /// Commits what the turn came to.
    async fn keep(
        &self,
        job: &Job,
        turned: &Turned,
        telling: Option<(&Telling, Vec<Told>)>,
    ) -> Result<Answer, SessionError> {
        let (now, reply) = (self.clock.now(), &turned.reply);
        let head = Head {
            session_id: job.row.id.clone(),
            version: job.row.version + 1,
            expires_at: self.expiry(job.row.created_at, now),
        };
        let document = document::turn(reply, &head);
        if !job.known {
            return self.keep_first(job, turned, head, document).await;
        }
        let told = telling.map(|(telling, untold)| telling.replied(&untold, reply, &head));
        let (events, whole) = told.unzip();
        let left = TurnRow {
            id: head.session_id,
            fence: job.row.fence,
            run: job.task.run,
            version: head.version,
            state: State::after(reply).as_str().into(),
            draft: turned.draft.clone(),
            unresolved: serde_json::to_string(&document::unresolved(reply))?,
            reply: document::body(reply),
            summary: document::summary(reply),
            now,
            expires_at: head.expires_at,
            events,
            claim: job.claim(),
            body: job.task.key.is_some().then(|| whole.unwrap_or_else(|| document.clone())),
        };
        if self.store.end_turn(left).await? {
            let (session, run) = (job.row.id.clone(), job.task.run);
            Ok(Answer { document, version: head.version, session, run, stream: false, replayed: false })
        } else {
            Err(SessionError::Overtaken)
        }
    }

    /// Commits a first turn that the store does not know of.
    async fn keep_first(
        &self,
        job: &Job,
        turned: &Turned,
        head: Head,
        document: String,
    ) -> Result<Answer, SessionError> {
        let (reply, run) = (&turned.reply, job.task.run);
        let row = SessionRow {
            state: State::after(reply).as_str().into(),
            version: head.version,
            draft: turned.draft.clone(),
            unresolved: serde_json::to_string(&document::unresolved(reply))?,
            reply: document::body(reply),
            summary: document::summary(reply),
            updated_at: self.clock.now(),
            expires_at: head.expires_at,
            run,
            ..job.row.clone()
        };
        self.store.add_session(row, None, None).await?;
        let (session, version) = (head.session_id, head.version);
        Ok(Answer { document, version, session, run, stream: false, replayed: false })
    }

    /// Gives the lease back; `false` when it was somebody else's already. Where that fails it runs out by itself.
    async fn release(&self, job: &Job, events: Option<EventRows>) -> Result<bool, StoreError> {
        if !job.known {
            return Ok(true);
        }
        self.store.drop_turn(&job.row.id, job.row.fence, events, job.claim()).await
    }

    fn explained(&self, job: &Job, error: &SessionError) -> serde_json::Value {
        self.explain.get().map_or(serde_json::Value::Null, |explain| explain(error, &job.task.request))
    }
}
