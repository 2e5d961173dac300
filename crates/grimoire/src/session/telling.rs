//! The stream of a turn under way, as far as it is stored.
//!
//! Whoever takes a turn over tells it from the start again: what is stored already is passed over, so that a reader
//! sees every number once.

use grimoire_core::turn::Reply;

use super::{
    SessionError, Sessions,
    events::{self, Told},
    job::Job,
};
use crate::{
    document::{Head, State},
    store::EventRows,
};

pub(super) struct Telling {
    run: i64,
    stored: Vec<String>,
    /// How many this process came to.
    reached: usize,
}

impl Telling {
    /// The stream of a turn that has one, with what is stored of it.
    pub(super) async fn of(sessions: &Sessions, job: &Job) -> Result<Option<Self>, SessionError> {
        let Some(run) = job.task.told() else { return Ok(None) };
        let stored = sessions.store.events(&job.row.id, run, 0).await?.documents;
        Ok(Some(Self { run, stored, reached: 1 }))
    }

    /// What a stream begins with, to be stored with the beginning of its turn.
    pub(super) fn opening(run: i64) -> EventRows {
        EventRows { run, first: 1, documents: vec![events::opening()] }
    }

    /// Stores what became known up to a stage; `false` when the lease is lost.
    pub(super) async fn reach(
        &mut self,
        sessions: &Sessions,
        job: &Job,
        news: &[Told],
        stage: State,
    ) -> Result<bool, SessionError> {
        let new = self.untold(news);
        self.reached += news.iter().filter(|told| told.is_heard()).count();
        if new.is_empty() {
            return Ok(true);
        }
        let rows = self.rows(new.clone());
        let held = sessions.store.add_events(&job.row.id, job.row.fence, stage.as_str(), rows).await?;
        if held {
            self.stored.extend(new);
        }
        Ok(held)
    }

    /// The events of these news that are not stored yet.
    fn untold(&self, news: &[Told]) -> Vec<String> {
        let known = self.stored.len().saturating_sub(self.reached);
        let heard = news.iter().filter(|told| told.is_heard()).skip(known);
        (self.next()..).zip(heard).map(|(seq, told)| events::told(seq, told)).collect()
    }

    /// Whether more is stored than the opening: then somebody may have read it.
    fn has_begun(&self) -> bool {
        self.stored.len() > 1
    }

    /// The last events of a turn with a reply, and the whole stream as it is sent.
    pub(super) fn replied(&self, news: &[Told], reply: &Reply, head: &Head) -> (EventRows, String) {
        let mut last = self.untold(news);
        let next = self.next() + i64::try_from(last.len()).unwrap_or(0);
        last.extend(events::replied(next, reply, head));
        let whole = events::frames(&[self.stored.as_slice(), &last].concat());
        (self.rows(last), whole)
    }

    /// What is left of a stream that nobody has read.
    pub(super) fn nothing(run: i64) -> EventRows {
        EventRows { run, ..EventRows::default() }
    }

    /// The last events of a turn that failed once its stream had begun, be it elsewhere; none before that.
    pub(super) fn failed(&self, has_begun: bool, problem: &serde_json::Value) -> EventRows {
        self.rows(if has_begun || self.has_begun() {
            events::failed(self.next(), problem)
        } else {
            Vec::new()
        })
    }

    fn next(&self) -> i64 {
        i64::try_from(self.stored.len()).unwrap_or(i64::MAX - 1) + 1
    }

    fn rows(&self, documents: Vec<String>) -> EventRows {
        EventRows { run: self.run, first: self.next(), documents }
    }
}
