//! The turns this process is computing, so that others see how far each has got.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::document::State;

/// How far a turn has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// The state it is in.
    pub(super) stage: State,
}

impl Progress {
    /// Whether the turn has got past what was said: what fails from then on is not the caller's.
    pub(super) fn has_begun(&self) -> bool {
        matches!(self.stage, State::Building | State::Validating)
    }
}

/// Fence and progress, by session.
type Turns = HashMap<String, (i64, watch::Receiver<Progress>)>;

/// Every turn under way here.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    turns: Arc<Mutex<Turns>>,
}

/// One turn under way; it is forgotten when dropped, also by a panic.
pub(super) struct Entry {
    id: String,
    fence: i64,
    tell: watch::Sender<Progress>,
    live: Live,
}

impl Live {
    /// Notes a turn.
    pub(super) fn enter(&self, id: &str, fence: i64, stage: State) -> (Entry, watch::Receiver<Progress>) {
        let (tell, told) = watch::channel(Progress { stage });
        self.turns().insert(id.into(), (fence, told.clone()));
        (Entry { id: id.into(), fence, tell, live: self.clone() }, told)
    }

    /// How far the turn of this lease has got; nothing when it is not computed here.
    pub(super) fn of(&self, id: &str, fence: i64) -> Option<watch::Receiver<Progress>> {
        self.turns().get(id).filter(|(held, _)| *held == fence).map(|(_, told)| told.clone())
    }

    /// How many turns there are.
    pub(super) fn count(&self) -> usize {
        self.turns().len()
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Notes that the turn has got further.
    pub(super) fn advance(&self, stage: State) {
        self.tell.send_replace(Progress { stage });
    }

    /// How far it has got.
    pub(super) fn stage(&self) -> State {
        self.tell.borrow().stage
    }

    /// Of [`Progress::has_begun`].
    pub(super) fn has_begun(&self) -> bool {
        self.tell.borrow().has_begun()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut turns = self.live.turns();
        if turns.get(&self.id).is_some_and(|(fence, _)| *fence == self.fence) {
            turns.remove(&self.id);
        }
    }
}
