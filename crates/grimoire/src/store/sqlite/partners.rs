//! Partners.

use futures_util::FutureExt;

use super::{Sqlite, StoreError};
use crate::store::{KeyRow, Partner};

const ADD: &str = "INSERT INTO partners (name, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

impl Sqlite {
    pub(in crate::store) async fn add_partner(&self, partner: &Partner) -> Result<bool, StoreError> {
        let Partner { name, created_at } = partner.clone();
        let add = sqlx::query(ADD).bind(name).bind(created_at);
        self.write(move |db| async move { Ok(add.execute(db).await?.rows_affected() == 1) }.boxed()).await
    }

    pub(in crate::store) async fn add_first_partner(
        &self,
        partner: &Partner,
        key: &KeyRow,
    ) -> Result<bool, StoreError> {
        let (partner, key) = (partner.clone(), key.clone());
        self.write(move |db| {
            async move {
                let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM partners");
                if count.fetch_one(&mut *db).await? > 0 {
                    return Ok(false);
                }
                let add = sqlx::query(ADD).bind(&partner.name).bind(partner.created_at);
                add.execute(&mut *db).await?;
                super::keys::add(&key).execute(db).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    pub(in crate::store) async fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        let all = sqlx::query_as("SELECT name, created_at FROM partners ORDER BY name");
        Ok(all.fetch_all(&self.readers).await?)
    }
}
