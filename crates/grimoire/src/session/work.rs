//! A turn from its lease to its end, in a task of its own: a caller who leaves neither cancels nor doubles it.

use std::{sync::Arc, time::Duration};

use grimoire_core::{
    evm::StateError,
    turn::{Request, Stage, TurnError, Turned},
};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use super::{
    Answer, Events, Held, SessionError, Sessions,
    live::{Entry, Progress},
    task::Task,
    telling::Telling,
};
use crate::{
    auth::Caller,
    document::{self, Head, State},
    opening,
    store::{ClaimKey, EventRows, SessionRow, StoreError, TurnRow},
};

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
            // The lease runs out, and the next request tries again.
            return Err(error);
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
        let turned = self.compute(job, entry, telling).await?;
        self.keep(job, &turned, telling.as_ref()).await
    }

    /// Computes the turn, and holds its lease meanwhile.
    async fn compute(
        self: &Arc<Self>,
        job: &Job,
        entry: &Entry,
        telling: &mut Option<Telling>,
    ) -> Result<Turned, SessionError> {
        let (tell, mut told) = mpsc::unbounded_channel();
        let turn = self.turn(job, tell);
        tokio::pin!(turn);
        let mut renewal = tokio::time::interval(Duration::from_secs(self.lease.unsigned_abs()) / 3);
        renewal.reset();
        loop {
            tokio::select! {
                biased;
                Some(stage) = told.recv() => {
                    let held = match telling {
                        Some(telling) => telling.reach(self, job, stage).await?,
                        None => true,
                    };
                    if !held {
                        return Err(SessionError::Overtaken);
                    }
                    entry.advance(State::during(stage));
                }
                turned = &mut turn => return turned,
                _ = renewal.tick() => {
                    let until = self.clock.now() + self.lease;
                    match self.store.renew_lease(&job.row.id, job.row.fence, until).await {
                        Ok(true) => {}
                        Ok(false) => return Err(SessionError::Overtaken),
                        // The lease may run out: then somebody else takes over, and this turn cannot commit.
                        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "a lease was not renewed"),
                    }
                }
            }
        }
    }

    /// Takes a turn on a thread that may be busy, once one is free. The place is the thread's until it is done, also
    /// when nobody waits for it any more: one that hangs is waited for until the deadline.
    pub(super) async fn turn(
        self: &Arc<Self>,
        job: &Job,
        tell: mpsc::UnboundedSender<Stage>,
    ) -> Result<Turned, SessionError> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(self.wait, place).await.map_err(|_| SessionError::Busy)?;
        let place = place.expect("the places are never closed");
        let (sessions, row, task) = (Arc::clone(self), job.row.clone(), job.task.clone());
        let computing = tokio::task::spawn_blocking(move || {
            let _place = place;
            let begun = std::time::Instant::now();
            let request = Request {
                draft: (!row.draft.is_empty()).then_some(row.draft.as_str()),
                chain: row.chain.as_deref().and_then(|chain| opening::chain(chain).ok()),
                wallet: row.wallet.as_deref().and_then(|wallet| opening::wallet(wallet).ok()),
                ..task.request()
            };
            // Nobody hears it once the lease is lost.
            let turned = sessions.world.turn(&request, &mut |stage| _ = tell.send(stage));
            tracing::debug!(micros = begun.elapsed().as_micros(), "turn");
            turned
        });
        let Ok(turned) = tokio::time::timeout(self.deadline, computing).await else {
            let why = "the turn was not computed in time".into();
            return Err(TurnError::State(StateError::Unavailable(why)).into());
        };
        Ok(turned.map_err(|_| SessionError::Died)??)
    }

    /// Commits what the turn came to.
    async fn keep(
        &self,
        job: &Job,
        turned: &Turned,
        telling: Option<&Telling>,
    ) -> Result<Answer, SessionError> {
        let (now, reply) = (self.clock.now(), &turned.reply);
        let head = Head {
            session_id: job.row.id.clone(),
            version: job.row.version + 1,
            expires_at: self.expiry(job.row.created_at, now),
        };
        let document = document::turn(reply, &head);
        let told = telling.map(|telling| telling.replied(reply, &head));
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

    /// Gives the lease back; `false` when it was somebody else's already. Where that fails it runs out by itself.
    async fn release(&self, job: &Job, events: Option<EventRows>) -> Result<bool, StoreError> {
        self.store.drop_turn(&job.row.id, job.row.fence, events, job.claim()).await
    }

    fn explained(&self, job: &Job, error: &SessionError) -> serde_json::Value {
        self.explain.get().map_or(serde_json::Value::Null, |explain| explain(error, &job.task.request))
    }
}

impl Job {
    /// The claim it is asked under.
    fn claim(&self) -> Option<ClaimKey> {
        let (partner, session) = (self.row.partner.clone(), self.row.id.clone());
        self.task.key.clone().map(|key| ClaimKey { partner, key, session, run: self.task.run })
    }
}
