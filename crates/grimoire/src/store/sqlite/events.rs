//! Events of streams.

use futures_util::FutureExt;
use sqlx::SqliteConnection;

use super::{Sqlite, StoreError};
use crate::store::EventRows;

impl Sqlite {
    pub(in crate::store) async fn add_events(
        &self,
        id: &str,
        fence: i64,
        working: &str,
        events: EventRows,
    ) -> Result<bool, StoreError> {
        let (id, working) = (id.to_owned(), working.to_owned());
        self.write(move |db| {
            async move {
                let held =
                    "UPDATE sessions SET working = $3 WHERE id = $1 AND fence = $2 AND working IS NOT NULL";
                let held = sqlx::query(held).bind(&id).bind(fence).bind(working);
                if held.execute(&mut *db).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                add(&id, &events, db).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    pub(in crate::store) async fn events(&self, id: &str, after: i64) -> Result<EventRows, StoreError> {
        let some =
            sqlx::query_as("SELECT run, document FROM events WHERE session = $1 AND seq > $2 ORDER BY seq");
        let rows: Vec<(i64, String)> = some.bind(id).bind(after).fetch_all(&self.readers).await?;
        let run = rows.first().map_or(0, |(run, _)| *run);
        let documents = rows.into_iter().map(|(_, document)| document).collect();
        Ok(EventRows { run, first: after + 1, documents })
    }
}

pub(super) async fn add(id: &str, events: &EventRows, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for (seq, document) in (events.first..).zip(&events.documents) {
        let add = "INSERT INTO events (session, seq, run, document) VALUES ($1, $2, $3, $4)";
        let add = sqlx::query(add).bind(id).bind(seq).bind(events.run).bind(document);
        add.execute(&mut *db).await?;
    }
    Ok(())
}

/// A stream in place of the latest one.
pub(super) async fn replace(
    id: &str,
    events: &EventRows,
    db: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    remove(id, db).await?;
    add(id, events, db).await
}

pub(super) async fn remove(id: &str, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM events WHERE session = $1").bind(id).execute(db).await.map(drop)
}
