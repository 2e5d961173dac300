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
                add_alone(&id, &events, db).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    pub(in crate::store) async fn events(
        &self,
        id: &str,
        run: i64,
        after: i64,
    ) -> Result<EventRows, StoreError> {
        let some = "SELECT document FROM events WHERE session = $1 AND run = $2 AND seq > $3 ORDER BY seq";
        let some = sqlx::query_scalar(some).bind(id).bind(run).bind(after);
        Ok(EventRows { run, first: after + 1, documents: some.fetch_all(&self.readers).await? })
    }

    pub(in crate::store) async fn latest_run(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let latest = "SELECT run FROM events WHERE session = $1 ORDER BY seq > 1 DESC, run DESC LIMIT 1";
        Ok(sqlx::query_scalar(latest).bind(id).fetch_optional(&self.readers).await?)
    }
}

pub(super) async fn add(id: &str, events: &EventRows, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for (seq, document) in (events.first..).zip(&events.documents) {
        let add = "INSERT INTO events (session, run, seq, document) VALUES ($1, $2, $3, $4)";
        let add = sqlx::query(add).bind(id).bind(events.run).bind(seq).bind(document);
        add.execute(&mut *db).await?;
    }
    Ok(())
}

/// Events of a stream that has come so far that the session's other ones are past.
pub(super) async fn add_alone(
    id: &str,
    events: &EventRows,
    db: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    let others = sqlx::query("DELETE FROM events WHERE session = $1 AND run <> $2").bind(id).bind(events.run);
    others.execute(&mut *db).await?;
    add(id, events, db).await
}

/// Forgets a stream.
pub(super) async fn remove(id: &str, run: i64, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let one = sqlx::query("DELETE FROM events WHERE session = $1 AND run = $2").bind(id).bind(run);
    one.execute(db).await.map(drop)
}
