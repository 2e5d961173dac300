//! Streams and requests that may be sent again.

use super::{ClaimRow, EventRows, Store, StoreError};

impl Store {
    /// Notes that a turn is in another state, with events of its stream, which is the session's only one from then on;
    /// `false` when its lease is no longer the session's.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_events(
        &self,
        id: &str,
        fence: i64,
        working: &str,
        events: EventRows,
    ) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.add_events(id, fence, working, events).await
    }

    /// The events of a stream that come after this number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn events(&self, id: &str, run: i64, after: i64) -> Result<EventRows, StoreError> {
        let Self::Sqlite(db) = self;
        db.events(id, run, after).await
    }

    /// The latest of a session's streams, before those that have told nothing but their opening.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn latest_run(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let Self::Sqlite(db) = self;
        db.latest_run(id).await
    }

    /// What a partner asked under a key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim(&self, partner: &str, key: &str) -> Result<Option<ClaimRow>, StoreError> {
        let Self::Sqlite(db) = self;
        db.claim(partner, key).await
    }

    /// Frees a key, unless it was claimed anew, or has got its result since the claim was read.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_claim(&self, claim: &ClaimRow) -> Result<(), StoreError> {
        let Self::Sqlite(db) = self;
        db.drop_claim(claim).await
    }

    /// Frees up to `limit` keys that were claimed before `before`; returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep_claims(&self, before: i64, limit: u32) -> Result<u64, StoreError> {
        let Self::Sqlite(db) = self;
        db.sweep_claims(before, limit).await
    }
}
