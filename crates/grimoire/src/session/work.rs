//! A turn from its lease to its end, in a task of its own: a caller who leaves neither cancels nor doubles it.

use std::{sync::Arc, time::Duration};

use grimoire_core::turn::{FieldError, Request, Stage, TurnError, Turned};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    Answer, Events, SessionError, Sessions,
    live::{Entry, Progress},
    task::Task,
    telling::Telling,
};
use crate::{
    auth::Caller,
    document::{self, Head, State},
    opening,
    store::{EventRows, SessionRow, TurnRow},
};

/// A turn that is begun: the session as it was, under its new lease.
pub(super) struct Job {
    /// The session; its fence is the lease's.
    pub(super) row: SessionRow,
    /// What is to be done.
    pub(super) task: Task,
    /// What is wrong with it already: it is only looked what else is.
    pub(super) faults: Vec<FieldError>,
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
    pub(super) fn set_to_work(self: &Arc<Self>, job: Job, stage: State) -> Pending {
        let (tell, result) = oneshot::channel();
        let (entry, progress) = self.live.enter(&job.row.id, job.row.fence, stage);
        let (id, run) = (job.row.id.clone(), job.task.run);
        let sessions = Arc::clone(self);
        tokio::spawn(async move {
            let result = sessions.carry_out(&job, &entry).await;
            drop(entry);
            // Whoever asked may have left.
            _ = tell.send(result);
        });
        Pending { id, run, result, progress }
    }

    async fn carry_out(self: &Arc<Self>, job: &Job, entry: &Entry) -> Result<Answer, SessionError> {
        let mut telling = Telling::of(self, job).await?;
        let end = match self.compute(job, entry, &mut telling).await {
            Ok(turned) if job.faults.is_empty() => self.keep(job, &turned, telling.as_ref()).await,
            Ok(_) => Err(TurnError::Answers(job.faults.clone()).into()),
            Err(SessionError::Turn(TurnError::Answers(more))) => {
                Err(TurnError::Answers(job.faults.iter().cloned().chain(more).collect()).into())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = &end {
            self.release(job, telling.map(|t| t.failed(entry.has_begun(), &self.explained(job, error))))
                .await;
        }
        end
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
                        // With faults there is only looked what else is wrong: nothing of it is told.
                        Some(telling) if job.faults.is_empty() => telling.reach(self, job, stage).await?,
                        _ => true,
                    };
                    if !held {
                        return Err(self.lost(&job.row).await);
                    }
                    if job.faults.is_empty() {
                        entry.advance(State::during(stage));
                    }
                }
                turned = &mut turn => return turned,
                _ = renewal.tick() => {
                    let until = self.clock.now() + self.lease;
                    match self.store.renew_lease(&job.row.id, job.row.fence, until).await {
                        Ok(true) => {}
                        Ok(false) => return Err(self.lost(&job.row).await),
                        // The lease may run out: then somebody else takes over, and this turn cannot commit.
                        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "a lease was not renewed"),
                    }
                }
            }
        }
    }

    /// Takes a turn on a thread that may be busy, once one is free. The place is the thread's until it is done, also
    /// when nobody waits for it any more.
    async fn turn(
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
        Ok(computing.await.map_err(|_| SessionError::Died)??)
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
            version: head.version,
            state: State::after(reply).as_str().into(),
            draft: turned.draft.clone(),
            unresolved: serde_json::to_string(&document::unresolved(reply))?,
            reply: document::body(reply),
            summary: document::summary(reply),
            now,
            expires_at: head.expires_at,
            events,
            key: job.key(),
            body: job.task.key.is_some().then(|| whole.unwrap_or_else(|| document.clone())),
        };
        if self.store.end_turn(left).await? {
            Ok(Answer { document, version: head.version, stream: false, replayed: false })
        } else {
            Err(self.lost(&job.row).await)
        }
    }

    /// Gives the lease back; where that fails it runs out by itself.
    async fn release(&self, job: &Job, events: Option<EventRows>) {
        if let Err(error) = self.store.drop_turn(&job.row.id, job.row.fence, events, job.key()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a lease was not given back");
        }
    }

    fn explained(&self, job: &Job, error: &SessionError) -> serde_json::Value {
        self.explain.get().map_or(serde_json::Value::Null, |explain| explain(error, &job.task.request))
    }
}

impl Job {
    /// The key it is asked under, with whose it is.
    fn key(&self) -> Option<(String, String)> {
        self.task.key.clone().map(|key| (self.row.partner.clone(), key))
    }
}
