//! API keys.

use futures_util::FutureExt;
use sqlx::{query::Query, sqlite::SqliteArguments};

use super::{Sqlite, StoreError};
use crate::store::KeyRow;

pub(super) fn add(key: &KeyRow) -> Query<'_, sqlx::Sqlite, SqliteArguments> {
    sqlx::query(
        "INSERT INTO api_keys (id, partner, secret_hash, created_at, expires_at, revoked_at)
         SELECT $1, name, $3, $4, $5, $6 FROM partners WHERE name = $2",
    )
    .bind(&key.id)
    .bind(&key.partner)
    .bind(&key.secret_hash)
    .bind(key.created_at)
    .bind(key.expires_at)
    .bind(key.revoked_at)
}

impl Sqlite {
    pub(in crate::store) async fn add_key(&self, key: &KeyRow) -> Result<bool, StoreError> {
        let key = key.clone();
        self.write(move |db| async move { Ok(add(&key).execute(db).await?.rows_affected() == 1) }.boxed())
            .await
    }

    pub(in crate::store) async fn key(&self, id: &str) -> Result<Option<KeyRow>, StoreError> {
        let one = sqlx::query_as(
            "SELECT id, partner, secret_hash, created_at, expires_at, revoked_at FROM api_keys WHERE id = $1",
        );
        Ok(one.bind(id).fetch_optional(&self.readers).await?)
    }

    pub(in crate::store) async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        let all = sqlx::query_as(
            "SELECT id, partner, secret_hash, created_at, expires_at, revoked_at FROM api_keys
             ORDER BY partner, created_at, id",
        );
        Ok(all.fetch_all(&self.readers).await?)
    }

    pub(in crate::store) async fn revoke_key(&self, id: &str, at: i64) -> Result<bool, StoreError> {
        let id = id.to_owned();
        let revoke = "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1";
        self.write(move |db| {
            async move { Ok(sqlx::query(revoke).bind(id).bind(at).execute(db).await?.rows_affected() == 1) }
                .boxed()
        })
        .await
    }
}
