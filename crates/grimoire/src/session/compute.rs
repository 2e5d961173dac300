//! The computation of a turn, on a thread that may be busy: told of as it goes, its lease held until it is done.
//!
//! What comes in: a turn that is begun. What goes out: what it came to. What it refuses to know: how that is kept.

use std::{sync::Arc, time::Duration};

use grimoire_core::{
    evm::StateError,
    turn::{Request, TurnError, Turned},
};
use tokio::sync::mpsc;

use super::{SessionError, Sessions, events::Told, job::Job, live::Entry, telling::Telling};
use crate::opening;

/// News that are stored at one stroke, at most.
const MOST_NEWS: usize = 64;

impl Sessions {
    /// Computes the turn, tells of it and holds its lease meanwhile; what it told last is still to be told.
    pub(super) async fn compute(
        self: &Arc<Self>,
        job: &Job,
        entry: &Entry,
        telling: &mut Option<Telling>,
    ) -> Result<(Turned, Vec<Told>), SessionError> {
        let (tell, mut hear) = mpsc::unbounded_channel();
        let mut news = Vec::new();
        let turn = self.turn(job, tell);
        tokio::pin!(turn);
        let mut renewal = tokio::time::interval(Duration::from_secs(self.lease.unsigned_abs()) / 3);
        renewal.reset();
        loop {
            tokio::select! {
                biased;
                _ = hear.recv_many(&mut news, MOST_NEWS), if !hear.is_closed() || !hear.is_empty() => {
                    self.tell(job, entry, telling, &mut news).await?;
                }
                turned = &mut turn => {
                    while let Ok(told) = hear.try_recv() {
                        news.push(told);
                    }
                    return Ok((turned?, news));
                }
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

    /// Stores what became known, if anybody is told, and shows how far the turn has got.
    async fn tell(
        &self,
        job: &Job,
        entry: &Entry,
        telling: &mut Option<Telling>,
        news: &mut Vec<Told>,
    ) -> Result<(), SessionError> {
        let stage = news.iter().rev().find_map(Told::stage).unwrap_or(entry.stage());
        if let Some(telling) = telling
            && !telling.reach(self, job, news, stage).await?
        {
            return Err(SessionError::Overtaken);
        }
        news.clear();
        entry.advance(stage);
        Ok(())
    }

    /// Takes a turn on a thread that may be busy, once one is free. The place is the thread's until it is done, also
    /// when nobody waits for it any more: one that hangs is waited for until the deadline.
    pub(super) async fn turn(
        self: &Arc<Self>,
        job: &Job,
        tell: mpsc::UnboundedSender<Told>,
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
            let turned = sessions.world.turn(&request, &mut |news| _ = tell.send(news.into()));
            tracing::debug!(micros = begun.elapsed().as_micros(), "turn");
            turned
        });
        let Ok(turned) = tokio::time::timeout(self.deadline, computing).await else {
            let why = "the turn was not computed in time".into();
            return Err(TurnError::State(StateError::Unavailable(why)).into());
        };
        Ok(turned.map_err(|_| SessionError::Died)??)
    }
}
