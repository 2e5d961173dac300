//! Turns of sessions: begun, carried on, ended; each one durable commit.

use super::{Begun, ClaimKey, ClaimRow, EventRows, LeaseRow, SessionRow, Store, StoreError, TurnRow};

impl Store {
    /// Adds a session with its first turn begun, its stream, and the key it is asked under.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_session(
        &self,
        session: SessionRow,
        events: Option<EventRows>,
        claim: Option<ClaimRow>,
    ) -> Result<Begun, StoreError> {
        let Self::Sqlite(db) = self;
        db.add_session(session, events, claim).await
    }

    /// Begins a turn, where the session is still as the lease supposes: of that version and fence, not expired, and
    /// without another lease that holds. One that lasts longer than this one does not: a clock was moved.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_turn(&self, lease: LeaseRow) -> Result<Begun, StoreError> {
        let Self::Sqlite(db) = self;
        db.begin_turn(lease).await
    }

    /// Prolongs a lease; `false` when it is no longer the session's.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn renew_lease(&self, id: &str, fence: i64, until: i64) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.renew_lease(id, fence, until).await
    }

    /// Ends a turn with what it left; `false` when its lease is no longer the session's, or the session has expired.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_turn(&self, turn: TurnRow) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.end_turn(turn).await
    }

    /// Ends a turn that left nothing, and frees its key; `false` when its lease is no longer the session's. Its stream
    /// is forgotten unless there are last events that tell why, and so is a session that never had a turn or a stream.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_turn(
        &self,
        id: &str,
        fence: i64,
        events: Option<EventRows>,
        claim: Option<ClaimKey>,
    ) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.drop_turn(id, fence, events, claim).await
    }
}
