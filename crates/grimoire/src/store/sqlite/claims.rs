//! Requests that may be sent again.

use futures_util::FutureExt;
use sqlx::SqliteConnection;

use super::{Sqlite, StoreError};
use crate::store::{ClaimKey, ClaimRow};

impl Sqlite {
    pub(in crate::store) async fn claim(
        &self,
        partner: &str,
        key: &str,
    ) -> Result<Option<ClaimRow>, StoreError> {
        let one = sqlx::query_as(
            "SELECT partner, key, fingerprint, session, run, stream, created_at, version, body
             FROM idempotency WHERE partner = $1 AND key = $2",
        );
        Ok(one.bind(partner).bind(key).fetch_optional(&self.readers).await?)
    }

    pub(in crate::store) async fn drop_claim(&self, claim: &ClaimRow) -> Result<(), StoreError> {
        let delete = "DELETE FROM idempotency WHERE partner = $1 AND key = $2 AND session = $3 AND run = $4
                        AND (body IS NULL OR $5)";
        let delete = sqlx::query(delete).bind(claim.partner.clone()).bind(claim.key.clone());
        let delete = delete.bind(claim.session.clone()).bind(claim.run).bind(claim.body.is_some());
        self.write(move |db| async move { delete.execute(db).await.map(drop) }.boxed()).await
    }

    pub(in crate::store) async fn sweep_claims(&self, before: i64, limit: u32) -> Result<u64, StoreError> {
        let some = sqlx::query_scalar::<_, i64>("SELECT 1 FROM idempotency WHERE created_at < $1 LIMIT 1");
        if some.bind(before).fetch_optional(&self.readers).await?.is_none() {
            return Ok(0);
        }
        let delete = "DELETE FROM idempotency WHERE (partner, key) IN
                      (SELECT partner, key FROM idempotency WHERE created_at < $1 LIMIT $2)";
        let delete = sqlx::query(delete).bind(before).bind(limit);
        self.write(move |db| async move { Ok(delete.execute(db).await?.rows_affected()) }.boxed()).await
    }
}

/// Claims a key; `false` when it is another request's.
pub(super) async fn add(claim: &ClaimRow, db: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let add = sqlx::query(
        "INSERT INTO idempotency (partner, key, fingerprint, session, stream, created_at, run)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(&claim.partner)
    .bind(&claim.key)
    .bind(&claim.fingerprint)
    .bind(&claim.session)
    .bind(i64::from(claim.stream))
    .bind(claim.created_at)
    .bind(claim.run);
    Ok(add.execute(db).await?.rows_affected() == 1)
}

/// Keeps the result of what was asked under a key.
pub(super) async fn settle(
    claim: &ClaimKey,
    version: i64,
    body: Option<&str>,
    db: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    let settle = "UPDATE idempotency SET version = $5, body = $6
                  WHERE partner = $1 AND key = $2 AND session = $3 AND run = $4 AND body IS NULL";
    let settle = sqlx::query(settle).bind(&claim.partner).bind(&claim.key).bind(&claim.session);
    let settle = settle.bind(claim.run).bind(version).bind(body);
    settle.execute(db).await.map(drop)
}

/// Frees a key that has no result.
pub(super) async fn free(claim: &ClaimKey, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let free = "DELETE FROM idempotency
                WHERE partner = $1 AND key = $2 AND session = $3 AND run = $4 AND body IS NULL";
    let free = sqlx::query(free).bind(&claim.partner).bind(&claim.key).bind(&claim.session).bind(claim.run);
    free.execute(db).await.map(drop)
}
