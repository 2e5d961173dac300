//! A turn from its lease to its end, in a task of its own: a caller who leaves neither cancels nor doubles it.

use std::{sync::Arc, time::Duration};

use grimoire_core::turn::{FieldError, Reply, Request, Stage, TurnError, Turned};
use tokio::sync::{mpsc, oneshot};

use super::{Answer, SessionError, Sessions, live::Entry, task::Task};
use crate::{
    document::{self, Head, State},
    opening,
    store::{SessionRow, TurnRow},
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

/// Where the result of a turn arrives.
pub(super) type Pending = oneshot::Receiver<Result<Answer, SessionError>>;

impl Sessions {
    /// Sets a turn to work.
    pub(super) fn set_to_work(self: &Arc<Self>, job: Job, stage: State) -> Pending {
        let (tell, told) = oneshot::channel();
        let entry = self.live.enter(&job.row.id, job.row.fence, stage);
        let sessions = Arc::clone(self);
        tokio::spawn(async move {
            let result = sessions.carry_out(&job, &entry).await;
            drop(entry);
            // Whoever asked may have left.
            _ = tell.send(result);
        });
        told
    }

    async fn carry_out(self: &Arc<Self>, job: &Job, entry: &Entry) -> Result<Answer, SessionError> {
        let end = match self.compute(job, entry).await {
            Ok(turned) if job.faults.is_empty() => self.keep(job, &turned).await,
            Ok(_) => Err(TurnError::Answers(job.faults.clone()).into()),
            Err(SessionError::Turn(TurnError::Answers(more))) => {
                Err(TurnError::Answers(job.faults.iter().cloned().chain(more).collect()).into())
            }
            Err(error) => Err(error),
        };
        if end.is_err() {
            self.release(job).await;
        }
        end
    }

    /// Computes the turn, and holds its lease meanwhile.
    async fn compute(self: &Arc<Self>, job: &Job, entry: &Entry) -> Result<Turned, SessionError> {
        let (tell, mut told) = mpsc::unbounded_channel();
        let turn = self.turn(job, tell);
        tokio::pin!(turn);
        let mut renewal = tokio::time::interval(Duration::from_secs(self.lease.unsigned_abs()) / 3);
        renewal.reset();
        loop {
            tokio::select! {
                biased;
                Some(stage) = told.recv() => entry.advance(|p| p.stage = State::during(stage)),
                turned = &mut turn => return turned,
                _ = renewal.tick() => {
                    let until = self.clock.now() + self.lease;
                    if !self.store.renew_lease(&job.row.id, job.row.fence, until).await? {
                        return Err(self.lost(&job.row).await);
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
    async fn keep(&self, job: &Job, turned: &Turned) -> Result<Answer, SessionError> {
        let now = self.clock.now();
        let head = Head {
            session_id: job.row.id.clone(),
            version: job.row.version + 1,
            expires_at: self.expiry(job.row.created_at, now),
        };
        let document = document::turn(&turned.reply, &head);
        if self.store.end_turn(self.left(job, turned, &head, now)?).await? {
            Ok(Answer { document, version: head.version })
        } else {
            Err(self.lost(&job.row).await)
        }
    }

    fn left(&self, job: &Job, turned: &Turned, head: &Head, now: i64) -> Result<TurnRow, SessionError> {
        let reply: &Reply = &turned.reply;
        Ok(TurnRow {
            id: head.session_id.clone(),
            fence: job.row.fence,
            version: head.version,
            state: State::after(reply).as_str().into(),
            draft: turned.draft.clone(),
            unresolved: serde_json::to_string(&document::unresolved(reply))?,
            reply: document::body(reply),
            summary: document::summary(reply),
            now,
            expires_at: head.expires_at,
        })
    }

    /// Gives the lease back; where that fails it runs out by itself.
    async fn release(&self, job: &Job) {
        if let Err(error) = self.store.drop_turn(&job.row.id, job.row.fence).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a lease was not given back");
        }
    }
}
