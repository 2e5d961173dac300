//! Sessions.

use sqlx::Connection;

use super::{Sqlite, StoreError};
use crate::store::SessionRow;

impl Sqlite {
    pub(in crate::store) async fn add_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        let add = sqlx::query(
            "INSERT INTO sessions (id, partner, state, version, chain, wallet, draft, unresolved, reply, summary,
                                   created_at, updated_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(&session.id)
        .bind(&session.partner)
        .bind(&session.state)
        .bind(session.version)
        .bind(&session.chain)
        .bind(&session.wallet)
        .bind(&session.draft)
        .bind(&session.unresolved)
        .bind(&session.reply)
        .bind(&session.summary)
        .bind(session.created_at)
        .bind(session.updated_at)
        .bind(session.expires_at);
        settled(self.write(add).await.map(drop), self.sees_session(&session.id)).await
    }

    /// Whether a session of that id is there, by a connection of its own.
    async fn sees_session(&self, id: &str) -> Result<bool, StoreError> {
        let mut connection = self.fresh().await?;
        let seen = sqlx::query_scalar::<_, i64>("SELECT 1 FROM sessions WHERE id = $1").bind(id);
        let seen = seen.fetch_optional(&mut connection).await?.is_some();
        connection.close().await?;
        Ok(seen)
    }

    pub(in crate::store) async fn session(
        &self,
        partner: &str,
        id: &str,
    ) -> Result<Option<SessionRow>, StoreError> {
        let one = sqlx::query_as(
            "SELECT id, partner, state, version, chain, wallet, draft, unresolved, reply, summary,
                    created_at, updated_at, expires_at
             FROM sessions WHERE id = $1 AND partner = $2",
        );
        Ok(one.bind(id).bind(partner).fetch_optional(&self.readers).await?)
    }

    pub(in crate::store) async fn sweep_sessions(&self, before: i64, limit: u32) -> Result<u64, StoreError> {
        // Looked for first: the usual pass finds nothing and then writes nothing.
        let some = sqlx::query_scalar::<_, i64>("SELECT 1 FROM sessions WHERE expires_at < $1 LIMIT 1");
        if some.bind(before).fetch_optional(&self.readers).await?.is_none() {
            return Ok(0);
        }
        let delete = sqlx::query(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2)",
        );
        self.write(delete.bind(before).bind(limit)).await
    }
}

/// A write that could not be confirmed has happened where a look finds it. A look that finds nothing, or fails, does
/// not settle it: a log that is read again after a crash may still hold it.
async fn settled(
    written: Result<(), StoreError>,
    look: impl Future<Output = Result<bool, StoreError>>,
) -> Result<(), StoreError> {
    let Err(unconfirmed @ StoreError::Unconfirmed(_)) = written else { return written };
    match look.await {
        Ok(true) => {
            tracing::warn!(error = &unconfirmed as &dyn std::error::Error, "found by reading back");
            Ok(())
        }
        Ok(false) => Err(unconfirmed),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "reading back");
            Err(unconfirmed)
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::store::Partner;

    fn session(id: &str) -> SessionRow {
        SessionRow {
            id: id.into(),
            partner: "demo".into(),
            state: "CLARIFYING".into(),
            version: 1,
            chain: None,
            wallet: None,
            draft: "{}".into(),
            unresolved: "[]".into(),
            reply: "{}".into(),
            summary: String::new(),
            created_at: 1,
            updated_at: 1,
            expires_at: 2,
        }
    }

    fn unconfirmed() -> Result<(), StoreError> {
        Err(StoreError::Unconfirmed(sqlx::Error::WorkerCrashed))
    }

    #[tokio::test]
    async fn an_unconfirmed_session_is_looked_for() {
        let folder = TempDir::new().expect("a folder");
        let db = Sqlite::open(&folder.path().join("test.db")).await.expect("a store");
        let partner = Partner { name: "demo".into(), created_at: 1 };
        assert!(db.add_partner(&partner).await.expect("added"));
        db.add_session(&session("sess_a")).await.expect("added");
        assert!(settled(unconfirmed(), db.sees_session("sess_a")).await.is_ok(), "it is there");
        let absent = settled(unconfirmed(), db.sees_session("sess_b")).await;
        assert!(matches!(absent, Err(StoreError::Unconfirmed(_))), "{absent:?}");
        db.close().await;
        drop(folder);
        let unreadable = settled(unconfirmed(), db.sees_session("sess_a")).await;
        assert!(matches!(unreadable, Err(StoreError::Unconfirmed(_))), "{unreadable:?}");
    }

    #[tokio::test]
    async fn what_was_refused_is_not_looked_for() {
        let refused = Err(StoreError::Failed(sqlx::Error::WorkerCrashed));
        let answer = settled(refused, async { panic!("nobody looks") }).await;
        assert!(matches!(answer, Err(StoreError::Failed(_))), "{answer:?}");
        assert!(settled(Ok(()), async { panic!("nobody looks") }).await.is_ok());
    }
}
