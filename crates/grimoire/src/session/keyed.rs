//! Requests that may be sent again: the first result is everybody's.

use std::sync::Arc;

use super::{Answer, Outcome, SessionError, Sessions, standing::Work, task::Task, work::Pending};
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
enum Recalled {
    /// Nothing: the request is the first.
    New,
    /// It has its result.
    Answer(Answer),
    /// Whoever was at it is gone; now this process is.
    Pending(Pending),
}

impl Key {
    /// The claim of a request on a session, of a turn that begins under this fence.
    pub(super) fn claim(&self, row: &SessionRow, run: i64, stream: bool, now: i64) -> ClaimRow {
        ClaimRow {
            partner: row.partner.clone(),
            key: self.name.clone(),
            fingerprint: self.fingerprint.to_vec(),
            session: row.id.clone(),
            run,
            stream,
            created_at: now,
            version: None,
            body: None,
        }
    }
}

impl Sessions {
    /// What came of an earlier request of the same key; nothing when the request is the first.
    ///
    /// # Errors
    /// When the key is another request's, or the first one is under way; when it has no reply, or the store fails.
    pub(super) async fn asked_before(
        self: &Arc<Self>,
        caller: &Caller,
        key: Option<&Key>,
    ) -> Result<Option<Outcome>, SessionError> {
        Ok(match self.recall(caller, key).await? {
            Recalled::Answer(answer) => Some(Outcome::Answer(answer)),
            Recalled::Pending(pending) => Some(pending.outcome(self, caller).await?),
            Recalled::New => None,
        })
    }

    /// A key that nobody works for any more is free again.
    async fn recall(self: &Arc<Self>, caller: &Caller, key: Option<&Key>) -> Result<Recalled, SessionError> {
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
        if let Some(answer) = again(&claim) {
            return Ok(Recalled::Answer(answer));
        }
        let row = self.store.session(&caller.partner, &claim.session).await?;
        // Later than the row, lest a lease that was just prolonged seems to end too late.
        let now = self.clock.now();
        match row.filter(|row| row.expires_at > now && is_for(row, &claim)) {
            Some(row) if Work::on(&row, now, self.lease) == Work::Leased => Err(SessionError::KeyBusy),
            Some(row) => self.take_over(row).await?.map(Recalled::Pending).ok_or(SessionError::KeyBusy),
            None => self.free(caller, &claim).await,
        }
    }

    /// Frees a key that no work names, unless it has got its result meanwhile.
    async fn free(&self, caller: &Caller, claim: &ClaimRow) -> Result<Recalled, SessionError> {
        let now = self.store.claim(&caller.partner, &claim.key).await?;
        if let Some(answer) = now.as_ref().and_then(again) {
            return Ok(Recalled::Answer(answer));
        }
        self.store.drop_claim(claim).await?;
        Ok(Recalled::New)
    }
}

/// The result of an earlier request, where there is one.
fn again(claim: &ClaimRow) -> Option<Answer> {
    let (session, run, stream) = (claim.session.clone(), claim.run, claim.stream);
    let (version, document) = (claim.version?, claim.body.clone()?);
    Some(Answer { document, version, session, run, stream, replayed: true })
}

/// Whether the work under way on a session is what was asked under this key.
fn is_for(row: &SessionRow, claim: &ClaimRow) -> bool {
    Task::of(row).is_some_and(|task| task.run == claim.run && task.key.as_deref() == Some(&claim.key))
}
