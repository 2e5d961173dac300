//! The whole program, opened by its configuration.
//!
//! What comes in: settings and a clock. What goes out: the partners' keys and the conversations, over one store and
//! one world. What it refuses to know: who asks, and how.

use std::sync::Arc;

use anyhow::Context;
use grimoire_core::turn::World;

use crate::{auth::Keyring, clock::Clock, config::Config, session::Sessions, store::Store, world};

/// What every surface works with.
pub struct Program {
    /// Partners and their keys.
    pub keyring: Keyring,
    /// Conversations.
    pub sessions: Arc<Sessions>,
    store: Store,
}

impl Program {
    /// Opens store and world; tells what takes long.
    ///
    /// # Errors
    /// When either cannot be had; says what would help.
    pub async fn open(
        config: &Config,
        clock: Arc<dyn Clock>,
        tell: &mut dyn FnMut(&str),
    ) -> anyhow::Result<Self> {
        Self::over(world::open(config, tell)?, config, clock).await
    }

    /// Opens the store beside a world there is already.
    ///
    /// # Errors
    /// When it cannot be had; says what would help.
    pub async fn over(world: World, config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let store = Store::open(&config.store).await.with_context(|| config.store.clone())?;
        let keyring = Keyring::new(store.clone(), Arc::clone(&clock));
        let sessions = Arc::new(Sessions::new(store.clone(), clock, world, config));
        Ok(Self { keyring, sessions, store })
    }

    /// Lets go of the store once what is under way is done.
    pub async fn close(self) {
        self.store.close().await;
    }
}
