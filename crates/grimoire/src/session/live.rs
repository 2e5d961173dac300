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
    pub(super) fn enter(&self, id: &str, fence: i64, stage: State) -> Entry {
        let (tell, told) = watch::channel(Progress { stage });
        self.turns().insert(id.into(), (fence, told));
        Entry { id: id.into(), fence, tell, live: self.clone() }
    }

    /// How far the turn of this lease has got; nothing when it is not computed here.
    pub(super) fn of(&self, id: &str, fence: i64) -> Option<watch::Receiver<Progress>> {
        self.turns().get(id).filter(|(held, _)| *held == fence).map(|(_, told)| told.clone())
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Notes that the turn has got further.
    pub(super) fn advance(&self, change: impl FnOnce(&mut Progress)) {
        self.tell.send_modify(change);
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
