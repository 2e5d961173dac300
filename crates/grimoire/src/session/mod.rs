//! Conversations: taking a turn, keeping it, showing it.
//!
//! What comes in: a caller and what was said. What goes out: documents; once one is out, it is kept. What it refuses
//! to know: HTTP, the terminal, how a plan is made.

mod standing;
mod task;
mod live;
mod events;
mod job;
mod telling;
mod compute;
mod work;
mod overtaken;
mod keyed;
mod room;
mod run;
mod follow;
mod stream;
mod look;
mod sweep;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use grimoire_core::turn::{TurnError, World};
use grimoire_registry::ChainId;
use tokio::sync::Semaphore;

use crate::{
    clock::Clock,
    config::Config,
    store::{Store, StoreError},
};

use live::Live;
use room::Room;

pub use follow::Condition;
pub use keyed::Key;
pub use look::Look;
pub use standing::Standing;
pub use stream::Events;
pub use work::Outcome;

/// Every conversation.
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    world: World,
    live: Live,
    room: Room,
    places: Arc<Semaphore>,
    line: Arc<Semaphore>,
    wait: Duration,
    deadline: Duration,
    explain: OnceLock<Explain>,
    lease: i64,
    replay: i64,
    most_turns: i64,
    ttl: i64,
    max_age: i64,
    keep: i64,
}

/// What a turn came to, kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The document that answers it.
    pub document: String,
    /// The session's version from now on.
    pub version: i64,
    /// The session's id.
    pub session: String,
    /// The turn's name within the session, and its stream's.
    pub run: i64,
    /// Whether the document is a stream's frames.
    pub stream: bool,
    /// Whether it was answered before.
    pub replayed: bool,
}

/// How a turn is asked for.
#[derive(Clone, Default)]
pub struct Manner {
    /// Whether its events are told.
    pub stream: bool,
    /// The key under which it may be asked for again.
    pub key: Option<Key>,
    /// What the request is called.
    pub request: String,
    /// Kept until the turn ends, whether or not anybody waits for it.
    pub held: Held,
}

/// What counts as under way for as long as it is held.
pub type Held = Option<Arc<dyn Send + Sync>>;

/// Writes a failure as streams tell it, with what the request is called.
pub type Explain = fn(&SessionError, &str) -> serde_json::Value;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The turn has no reply.
    #[error(transparent)]
    Turn(#[from] TurnError),
    /// The caller has no such session.
    #[error("there is no such session")]
    Unknown,
    /// The session takes no more turns: its time has passed.
    #[error("the session has expired")]
    Expired,
    /// The session takes no more turns: it had this many.
    #[error("a session takes {0} turns")]
    Full(i64),
    /// The turn was written against another version.
    #[error("the session is at version {}", .0.version)]
    Stale(Standing),
    /// The partner has so many sessions already; when the next one may be begun is worth another try.
    #[error("a partner has at most {0} sessions")]
    Crowded(i64),
    /// A tag that the caller supposes is not the session's.
    #[error("the session is at version {}", .0.version)]
    Unmet(Standing),
    /// The key was another request's.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// What was asked under the key is under way.
    #[error("the first request of this idempotency key is under way")]
    KeyBusy,
    /// Another turn is under way.
    #[error("another turn is under way")]
    Underway(Standing),
    /// Too many turns are being computed.
    #[error("no turn could be started in time")]
    Busy,
    /// Somebody else took the turn over; what came of it is not known yet.
    #[error("the turn was taken over")]
    Overtaken,
    /// The computation died: our own mistake.
    #[error("the turn was not finished")]
    Died,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was kept cannot be read: our own mistake.
    #[error("a kept reply cannot be read: {0}")]
    Kept(#[from] serde_json::Error),
}

impl Sessions {
    /// Conversations in this world, kept in this store.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, world: World, config: &Config) -> Self {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let places = if config.parallel_turns == 0 { processors() } else { config.parallel_turns };
        Self {
            store,
            clock,
            world,
            live: Live::default(),
            room: Room::new(i64::from(config.session_max_live)),
            explain: OnceLock::new(),
            replay: i64::from(config.idempotency_keep.secs),
            places: Arc::new(Semaphore::new(places)),
            line: Arc::new(Semaphore::new(places + config.turns_waiting)),
            wait: config.turn_wait.duration(),
            deadline: config.turn_deadline.duration(),
            lease: i64::from(config.session_lease.secs),
            most_turns: i64::from(config.session_max_turns),
            ttl: i64::from(config.session_ttl.secs),
            max_age: i64::from(config.session_max_age.secs),
            keep: i64::from(config.session_keep.secs),
        }
    }

    /// Sets how streams tell a failure; the first call counts.
    pub fn explain_by(&self, explain: Explain) {
        _ = self.explain.set(explain);
    }

    /// How many turns this process is at.
    #[must_use]
    pub fn turns_under_way(&self) -> usize {
        self.live.count()
    }

    /// Whether a turn can be kept.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }

    /// The chains that can be planned on.
    #[must_use]
    pub fn chains(&self) -> Vec<ChainId> {
        self.world.chains()
    }

    /// When a session expires that was created and last written at these times.
    fn expiry(&self, created_at: i64, updated_at: i64) -> i64 {
        (updated_at + self.ttl).min(created_at + self.max_age)
    }
}
