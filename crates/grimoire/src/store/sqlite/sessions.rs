//! Sessions.

use super::{Sqlite, StoreError};
use crate::store::SessionRow;

impl Sqlite {
    pub(in crate::store) async fn add_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        sqlx::query(
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
        .bind(session.expires_at)
        .execute(&self.writer)
        .await?;
        Ok(())
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
        Ok(delete.bind(before).bind(limit).execute(&self.writer).await?.rows_affected())
    }
}
