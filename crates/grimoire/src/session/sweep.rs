//! Forgetting conversations whose time is long past.

use super::Sessions;
use crate::store::StoreError;

/// Deleted at once at most, so that a pass never holds up the writers for long.
const BATCH: u32 = 500;

impl Sessions {
    /// Deletes a batch of sessions that expired longer ago than they are kept, and of old keys; returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let sessions = self.store.sweep_sessions(now - self.keep, BATCH).await?;
        Ok(sessions + self.store.sweep_claims(now - self.replay, BATCH).await?)
    }
}
