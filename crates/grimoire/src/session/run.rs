//! The first turn of a conversation.

use std::sync::Arc;

use super::{Answer, SessionError, Sessions, task::Task, work::Job};
use crate::{auth::Caller, document::State, ident, opening::Opening, store::SessionRow};

impl Sessions {
    /// Takes a first turn and keeps it; returns the document once it is on disk. A caller that goes away leaves the
    /// work to finish by itself.
    ///
    /// # Errors
    /// When the turn has no reply, or cannot be kept.
    pub async fn run(self: &Arc<Self>, caller: &Caller, opening: Opening) -> Result<Answer, SessionError> {
        let sessions = Arc::clone(self);
        let partner = caller.partner.clone();
        // Begun in a task of its own as well: a caller that leaves while it is committed leaves nothing half done.
        let begun = tokio::spawn(async move { sessions.open(partner, opening).await });
        let pending = begun.await.map_err(|_| SessionError::Died)??;
        pending.await.map_err(|_| SessionError::Died)?
    }

    async fn open(
        self: Arc<Self>,
        partner: String,
        opening: Opening,
    ) -> Result<super::work::Pending, SessionError> {
        let now = self.clock.now();
        let task = Task { message: Some(opening.message), answers: Vec::new() };
        let row = SessionRow {
            id: ident::random("sess"),
            partner,
            state: State::Created.as_str().into(),
            version: 0,
            chain: opening.chain.map(|chain| chain.as_str().into()),
            wallet: opening.wallet.map(|wallet| wallet.to_checksum(None)),
            unresolved: "[]".into(),
            created_at: now,
            updated_at: now,
            expires_at: self.expiry(now, now),
            fence: 1,
            working: Some(State::Created.as_str().into()),
            work: Some(serde_json::to_string(&task)?),
            lease_until: Some(now + self.lease),
            ..SessionRow::default()
        };
        self.store.add_session(row.clone()).await?;
        Ok(self.set_to_work(Job { row, task, faults: Vec::new() }, State::Created))
    }
}
