//! Turns of sessions.
//!
//! Every write names the lease it is made under; one that finds another lease in its place changes nothing.

use futures_util::FutureExt;
use sqlx::{Connection, SqliteConnection};

use super::{Sqlite, StoreError, claims, events};
use crate::store::{Begun, ClaimKey, ClaimRow, EventRows, LeaseRow, SessionRow, TurnRow};

impl Sqlite {
    pub(in crate::store) async fn add_session(
        &self,
        session: SessionRow,
        events: Option<EventRows>,
        claim: Option<ClaimRow>,
    ) -> Result<Begun, StoreError> {
        let (id, fence, version) = (session.id.clone(), session.fence, session.version);
        let added = self.write(move |db| open(session, events, claim, db).boxed()).await;
        settled(added, self.sees(&id, fence, version)).await
    }

    pub(in crate::store) async fn begin_turn(&self, lease: LeaseRow) -> Result<Begun, StoreError> {
        self.write(move |db| begin(lease, db).boxed()).await
    }

    pub(in crate::store) async fn renew_lease(
        &self,
        id: &str,
        fence: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        let renew =
            "UPDATE sessions SET lease_until = $3 WHERE id = $1 AND fence = $2 AND working IS NOT NULL";
        let renew = sqlx::query(renew).bind(id.to_owned()).bind(fence).bind(until);
        self.write(move |db| async move { Ok(renew.execute(db).await?.rows_affected() == 1) }.boxed()).await
    }

    pub(in crate::store) async fn end_turn(&self, turn: TurnRow) -> Result<bool, StoreError> {
        let (id, fence, version) = (turn.id.clone(), turn.fence, turn.version);
        let ended = self.write(move |db| end(turn, db).boxed()).await;
        settled(ended, self.sees(&id, fence, version)).await
    }

    pub(in crate::store) async fn drop_turn(
        &self,
        id: &str,
        fence: i64,
        events: Option<EventRows>,
        claim: Option<ClaimKey>,
    ) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.write(move |db| discard(id, fence, events, claim, db).boxed()).await
    }

    /// Whether a session stands as a write of this fence and version left it, by a connection of its own.
    async fn sees(&self, id: &str, fence: i64, version: i64) -> Result<bool, StoreError> {
        let mut connection = self.fresh().await?;
        let seen = "SELECT 1 FROM sessions WHERE id = $1 AND fence = $2 AND version = $3";
        let seen = sqlx::query_scalar::<_, i64>(seen).bind(id).bind(fence).bind(version);
        let seen = seen.fetch_optional(&mut connection).await?.is_some();
        connection.close().await?;
        Ok(seen)
    }
}

async fn open(
    session: SessionRow,
    events: Option<EventRows>,
    claim: Option<ClaimRow>,
    db: &mut SqliteConnection,
) -> Result<Begun, sqlx::Error> {
    if let Some(claim) = &claim
        && !claims::add(claim, db).await?
    {
        return Ok(Begun::Claimed);
    }
    let id = session.id.clone();
    insert(session, db).await?;
    if let Some(events) = &events {
        events::add(&id, events, db).await?;
    }
    Ok(Begun::Yes)
}

async fn insert(session: SessionRow, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let add = sqlx::query(
        "INSERT INTO sessions (id, partner, state, version, chain, wallet, draft, unresolved, reply, summary,
                               created_at, updated_at, expires_at, fence, working, work, lease_until, run)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(session.id)
    .bind(session.partner)
    .bind(session.state)
    .bind(session.version)
    .bind(session.chain)
    .bind(session.wallet)
    .bind(session.draft)
    .bind(session.unresolved)
    .bind(session.reply)
    .bind(session.summary)
    .bind(session.created_at)
    .bind(session.updated_at)
    .bind(session.expires_at)
    .bind(session.fence)
    .bind(session.working)
    .bind(session.work)
    .bind(session.lease_until)
    .bind(session.run);
    add.execute(db).await.map(drop)
}

async fn begin(lease: LeaseRow, db: &mut SqliteConnection) -> Result<Begun, sqlx::Error> {
    if let Some(claim) = &lease.claim
        && !claims::add(claim, db).await?
    {
        return Ok(Begun::Claimed);
    }
    let take = sqlx::query(
        "UPDATE sessions SET fence = $3, working = $4, work = $5, lease_until = $6
         WHERE id = $1 AND version = $2 AND fence = $3 - 1 AND expires_at > $7
           AND (lease_until IS NULL OR lease_until <= $7 OR lease_until > $6)",
    )
    .bind(&lease.id)
    .bind(lease.version)
    .bind(lease.fence)
    .bind(&lease.working)
    .bind(&lease.work)
    .bind(lease.until)
    .bind(lease.now);
    if take.execute(&mut *db).await?.rows_affected() == 0 {
        if let Some(claim) = &lease.claim {
            claims::free(&claim.id(), db).await?;
        }
        return Ok(Begun::Lost);
    }
    if let Some(events) = &lease.events {
        events::add(&lease.id, events, db).await?;
    }
    Ok(Begun::Yes)
}

async fn end(turn: TurnRow, db: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let end = sqlx::query(
        "UPDATE sessions SET version = $3, state = $4, draft = $5, unresolved = $6, reply = $7, summary = $8,
                updated_at = $9, expires_at = $10, run = $11, working = NULL, work = NULL, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND version = $3 - 1 AND working IS NOT NULL AND expires_at > $9",
    )
    .bind(&turn.id)
    .bind(turn.fence)
    .bind(turn.version)
    .bind(turn.state)
    .bind(turn.draft)
    .bind(turn.unresolved)
    .bind(turn.reply)
    .bind(turn.summary)
    .bind(turn.now)
    .bind(turn.expires_at)
    .bind(turn.run);
    if end.execute(&mut *db).await?.rows_affected() == 0 {
        return Ok(false);
    }
    if let Some(events) = &turn.events {
        events::add_alone(&turn.id, events, db).await?;
    }
    if let Some(claim) = &turn.claim {
        claims::settle(claim, turn.version, turn.body.as_deref(), db).await?;
    }
    Ok(true)
}

async fn discard(
    id: String,
    fence: i64,
    events: Option<EventRows>,
    claim: Option<ClaimKey>,
    db: &mut SqliteConnection,
) -> Result<bool, sqlx::Error> {
    let free = "UPDATE sessions SET working = NULL, work = NULL, lease_until = NULL
                WHERE id = $1 AND fence = $2 AND working IS NOT NULL";
    if sqlx::query(free).bind(&id).bind(fence).execute(&mut *db).await?.rows_affected() == 0 {
        return Ok(false);
    }
    if let Some(claim) = &claim {
        claims::free(claim, db).await?;
    }
    match &events {
        Some(last) if !last.documents.is_empty() => events::add_alone(&id, last, db).await?,
        Some(none) => events::remove(&id, none.run, db).await?,
        None => {}
    }
    let delete = "DELETE FROM sessions WHERE id = $1 AND fence = $2 AND version = 0
                  AND NOT EXISTS (SELECT 1 FROM events WHERE session = $1)";
    sqlx::query(delete).bind(&id).bind(fence).execute(db).await?;
    Ok(true)
}

/// A write that could not be confirmed has happened where a look finds it. A look that finds nothing, or fails, does
/// not settle it: a log that is read again after a crash may still hold it.
async fn settled<T: Happened>(
    written: Result<T, StoreError>,
    look: impl Future<Output = Result<bool, StoreError>>,
) -> Result<T, StoreError> {
    let Err(unconfirmed @ StoreError::Unconfirmed(_)) = written else { return written };
    match look.await {
        Ok(true) => {
            tracing::warn!(error = &unconfirmed as &dyn std::error::Error, "found by reading back");
            Ok(T::HAPPENED)
        }
        Ok(false) => Err(unconfirmed),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "reading back");
            Err(unconfirmed)
        }
    }
}

/// What a write returns that changed what it was to change.
trait Happened {
    const HAPPENED: Self;
}

impl Happened for Begun {
    const HAPPENED: Self = Self::Yes;
}

impl Happened for bool {
    const HAPPENED: Self = true;
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::store::Partner;

    fn session(id: &str) -> SessionRow {
        SessionRow { id: id.into(), partner: "demo".into(), version: 1, ..SessionRow::default() }
    }

    fn unconfirmed() -> Result<bool, StoreError> {
        Err(StoreError::Unconfirmed(sqlx::Error::WorkerCrashed.into()))
    }

    #[tokio::test]
    async fn an_unconfirmed_session_is_looked_for() {
        let folder = TempDir::new().expect("a folder");
        let db = Sqlite::open(&folder.path().join("test.db")).await.expect("a store");
        let partner = Partner { name: "demo".into(), created_at: 1 };
        assert!(db.add_partner(&partner).await.expect("added"));
        db.add_session(session("sess_a"), None, None).await.expect("added");
        assert!(settled(unconfirmed(), db.sees("sess_a", 0, 1)).await.is_ok(), "it is there");
        let absent = settled(unconfirmed(), db.sees("sess_b", 0, 1)).await;
        assert!(matches!(absent, Err(StoreError::Unconfirmed(_))), "{absent:?}");
        db.close().await;
        drop(folder);
        let unreadable = settled(unconfirmed(), db.sees("sess_a", 0, 1)).await;
        assert!(matches!(unreadable, Err(StoreError::Unconfirmed(_))), "{unreadable:?}");
    }

    #[tokio::test]
    async fn what_was_refused_is_not_looked_for() {
        let refused = Err::<bool, _>(StoreError::Failed(sqlx::Error::WorkerCrashed.into()));
        let answer = settled(refused, async { panic!("nobody looks") }).await;
        assert!(matches!(answer, Err(StoreError::Failed(_))), "{answer:?}");
        assert!(settled(Ok(true), async { panic!("nobody looks") }).await.is_ok());
    }
}
