//! Forgetting conversations whose time is long past.

use super::Sessions;
use crate::store::StoreError;

/// Deleted at once at most, so that a pass never holds up the writers for long.
const BATCH: u32 = 500;

impl Sessions {
    /// Deletes a batch of sessions that expired longer ago than they are kept; returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        self.store.sweep_sessions(self.clock.now() - self.keep, BATCH).await
    }
}
