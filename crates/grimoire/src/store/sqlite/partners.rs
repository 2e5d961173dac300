//! Partners.

use super::{Sqlite, StoreError};
use crate::store::{KeyRow, Partner};

const ADD: &str = "INSERT INTO partners (name, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

impl Sqlite {
    pub(in crate::store) async fn add_partner(&self, partner: &Partner) -> Result<bool, StoreError> {
        let add = sqlx::query(ADD).bind(&partner.name).bind(partner.created_at);
        Ok(self.write(add).await? == 1)
    }

    pub(in crate::store) async fn add_first_partner(
        &self,
        partner: &Partner,
        key: &KeyRow,
    ) -> Result<bool, StoreError> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM partners").fetch_one(&mut *tx).await?;
        if count > 0 {
            return Ok(false);
        }
        sqlx::query(ADD).bind(&partner.name).bind(partner.created_at).execute(&mut *tx).await?;
        super::keys::add(key).execute(&mut *tx).await?;
        tx.commit().await.map_err(StoreError::of_write)?;
        Ok(true)
    }

    pub(in crate::store) async fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        let all = sqlx::query_as("SELECT name, created_at FROM partners ORDER BY name");
        Ok(all.fetch_all(&self.readers).await?)
    }
}
