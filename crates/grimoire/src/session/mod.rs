//! Conversations: taking a turn, keeping it, showing it.
//!
//! What comes in: a caller and what was said. What goes out: documents; once one is out, it is kept. What it refuses
//! to know: HTTP, the terminal, how a plan is made.

mod look;
mod run;
mod sweep;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use grimoire_core::turn::{TurnError, Turned, World};
use grimoire_registry::ChainId;
use tokio::sync::Semaphore;

use crate::{
    clock::Clock,
    config::Config,
    store::{Store, StoreError},
};

pub use look::Look;

/// Every conversation.
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    world: World,
    places: Semaphore,
    wait: Duration,
    ttl: i64,
    max_age: i64,
    keep: i64,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The turn has no reply.
    #[error(transparent)]
    Turn(#[from] TurnError),
    /// Too many turns are being computed.
    #[error("no turn could be started in time")]
    Busy,
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
            places: Semaphore::new(places),
            wait: config.turn_wait.duration(),
            ttl: i64::from(config.session_ttl.secs),
            max_age: i64::from(config.session_max_age.secs),
            keep: i64::from(config.session_keep.secs),
        }
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

    /// Takes a turn on a thread that may be busy, once one is free.
    async fn turn(
        self: &Arc<Self>,
        request: impl FnOnce(&World) -> Result<Turned, TurnError> + Send + 'static,
    ) -> Result<Turned, SessionError> {
        let place =
            tokio::time::timeout(self.wait, self.places.acquire()).await.map_err(|_| SessionError::Busy)?;
        let _place = place.expect("the places are never closed");
        let sessions = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            let turned = request(&sessions.world);
            tracing::debug!(micros = begun.elapsed().as_micros(), "turn");
            turned
        });
        Ok(task.await.map_err(|_| SessionError::Died)??)
    }

    /// When a session expires that was created and last written at these times.
    fn expiry(&self, created_at: i64, updated_at: i64) -> i64 {
        (updated_at + self.ttl).min(created_at + self.max_age)
    }
}
