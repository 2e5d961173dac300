//! Requests that may be sent again: the first result is everybody's.

use std::sync::Arc;

use super::{Answer, SessionError, Sessions, standing::Work, task::Task, work::Pending};
use crate::{
    auth::Caller,
    store::{ClaimRow, SessionRow},
};

/// What a caller calls a request, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The caller's name for it.
    pub name: String,
    /// SHA-256 of everything it asks.
    pub fingerprint: [u8; 32],
}

/// What is known of a key.
pub(super) enum Recalled {
    /// Nothing: the request is the first.
    New,
    /// It has its result.
    Answer(Answer),
    /// Whoever was at it is gone; now this process is.
    Pending(Pending),
}

impl Key {
    /// The claim of a request on a session.
    pub(super) fn claim(&self, row: &SessionRow, stream: bool, now: i64) -> ClaimRow {
        ClaimRow {
            partner: row.partner.clone(),
            key: self.name.clone(),
            fingerprint: self.fingerprint.to_vec(),
            session: row.id.clone(),
            stream,
            created_at: now,
            version: None,
            body: None,
        }
    }
}

impl Sessions {
    /// What came of an earlier request of the same key. A key that nobody works for any more is free again.
    pub(super) async fn recall(
        self: &Arc<Self>,
        caller: &Caller,
        key: Option<&Key>,
    ) -> Result<Recalled, SessionError> {
        let Some(key) = key else { return Ok(Recalled::New) };
        let Some(claim) = self.store.claim(&caller.partner, &key.name).await? else {
            return Ok(Recalled::New);
        };
        let now = self.clock.now();
        if claim.created_at + self.replay <= now {
            self.store.drop_claim(&claim).await?;
            return Ok(Recalled::New);
        }
        if claim.fingerprint != key.fingerprint {
            return Err(SessionError::KeyReused);
        }
        if let (Some(version), Some(body)) = (claim.version, &claim.body) {
            let (document, stream) = (body.clone(), claim.stream);
            return Ok(Recalled::Answer(Answer { document, version, stream, replayed: true }));
        }
        let row = self.store.session(&caller.partner, &claim.session).await?;
        match row.filter(|row| is_for(row, &key.name)) {
            Some(row) if Work::on(&row, now) == Work::Leased => Err(SessionError::KeyBusy),
            Some(row) => self.take_over(row).await?.map(Recalled::Pending).ok_or(SessionError::KeyBusy),
            None => self.free(caller, &claim).await,
        }
    }

    /// Frees a key that no work names, unless it has got its result meanwhile.
    async fn free(&self, caller: &Caller, claim: &ClaimRow) -> Result<Recalled, SessionError> {
        match self.store.claim(&caller.partner, &claim.key).await? {
            Some(ClaimRow { version: Some(version), body: Some(document), stream, .. }) => {
                Ok(Recalled::Answer(Answer { document, version, stream, replayed: true }))
            }
            _ => {
                self.store.drop_claim(claim).await?;
                Ok(Recalled::New)
            }
        }
    }
}

/// Whether the work under way on a session is what was asked under this key.
fn is_for(row: &SessionRow, key: &str) -> bool {
    let task = row.work.as_deref().and_then(|work| serde_json::from_str::<Task>(work).ok());
    task.is_some_and(|task| task.key.as_deref() == Some(key))
}
