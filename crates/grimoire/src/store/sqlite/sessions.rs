//! Sessions as they stand.

use futures_util::FutureExt;

use super::{Sqlite, StoreError};
use crate::store::SessionRow;

impl Sqlite {
    pub(in crate::store) async fn session(
        &self,
        partner: &str,
        id: &str,
    ) -> Result<Option<SessionRow>, StoreError> {
        let one = sqlx::query_as(
            "SELECT id, partner, state, version, chain, wallet, draft, unresolved, reply, summary,
                    created_at, updated_at, expires_at, fence, working, work, lease_until, run
             FROM sessions WHERE id = $1 AND partner = $2",
        );
        Ok(one.bind(id).bind(partner).fetch_optional(&self.readers).await?)
    }

    pub(in crate::store) async fn live_sessions(
        &self,
        partner: &str,
        now: i64,
        most: i64,
    ) -> Result<i64, StoreError> {
        let count = "SELECT COUNT(*) FROM
                     (SELECT 1 FROM sessions WHERE partner = $1 AND expires_at > $2 LIMIT $3) AS live";
        let count = sqlx::query_scalar(count).bind(partner).bind(now).bind(most);
        Ok(count.fetch_one(&self.readers).await?)
    }

    pub(in crate::store) async fn sweep_sessions(&self, before: i64, limit: u32) -> Result<u64, StoreError> {
        // Looked for first: the usual pass finds nothing and then writes nothing.
        let some = sqlx::query_scalar::<_, i64>("SELECT 1 FROM sessions WHERE expires_at < $1 LIMIT 1");
        if some.bind(before).fetch_optional(&self.readers).await?.is_none() {
            return Ok(0);
        }
        let delete =
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2)";
        self.write(move |db| {
            async move { Ok(sqlx::query(delete).bind(before).bind(limit).execute(db).await?.rows_affected()) }
                .boxed()
        })
        .await
    }
}
