//! Bare SQLite commits, as durable as the store's: what each acknowledgement costs at least.

use std::time::{Duration, Instant};

use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::storm::Row;

const SPAN: Duration = Duration::from_secs(2);

/// One writer; so many rows in each commit.
pub(crate) fn row(crowd: usize) -> Row {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let taken = runtime.block_on(async {
        let mut db = SqliteConnection::connect_with(&options).await.expect("it opens");
        sqlx::query("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)")
            .execute(&mut db)
            .await
            .expect("created");
        let body = "x".repeat(2_000);
        let (begin, mut taken) = (Instant::now(), Vec::new());
        while begin.elapsed() < SPAN {
            let asked = Instant::now();
            let mut write = db.begin().await.expect("it begins");
            for _ in 0..crowd {
                sqlx::query("INSERT INTO rows (body) VALUES (?)")
                    .bind(&body)
                    .execute(&mut *write)
                    .await
                    .expect("written");
            }
            write.commit().await.expect("committed");
            taken.extend((0..crowd).map(|_| asked.elapsed()));
        }
        taken.sort_unstable();
        taken
    });
    Row::new("bare SQLite, rows of 2 kB in one commit", crowd, taken, SPAN)
}
