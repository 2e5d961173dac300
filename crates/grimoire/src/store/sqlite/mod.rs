//! SQLite: one connection writes, several read; a commit is on disk before it is acknowledged.

mod file;
mod keys;
mod partners;
mod sessions;

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool,
    query::Query,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};

use super::StoreError;

/// The last version known to lose commits is 3.51.2 (the WAL-reset race).
const OLDEST_SAFE: [u32; 3] = [3, 51, 3];

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
const READERS: u32 = 4;

/// The write-ahead log is cut back to this when it is reset.
const LOG_SIZE_LIMIT: &str = "67108864";

/// A database file.
#[derive(Clone, Debug)]
pub struct Sqlite {
    /// A pool of one: writes queue here instead of fighting for the lock.
    writer: SqlitePool,
    readers: SqlitePool,
    /// How a reader connects.
    reading: SqliteConnectOptions,
}

impl Sqlite {
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        file::prepare(path).map_err(StoreError::File)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("journal_size_limit", LOG_SIZE_LIMIT);
        // A connection to a file does not die in the pool: it need not be asked whether it lives.
        let pool = |size| {
            let pool = SqlitePoolOptions::new().max_connections(size).acquire_timeout(ACQUIRE_TIMEOUT);
            pool.test_before_acquire(false)
        };
        let writer = pool(1).idle_timeout(None).max_lifetime(None).connect_with(options.clone()).await?;
        assert_version(&writer).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let reading = options.read_only(true);
        let readers = pool(READERS).connect_with(reading.clone()).await?;
        Ok(Self { writer, readers, reading })
    }

    /// Runs one statement that commits; returns how many rows it touched.
    async fn write(&self, statement: Query<'_, sqlx::Sqlite, SqliteArguments>) -> Result<u64, StoreError> {
        Ok(statement.execute(&self.writer).await.map_err(StoreError::of_write)?.rows_affected())
    }

    /// A connection that shares nothing with those that may have failed.
    async fn fresh(&self) -> Result<SqliteConnection, StoreError> {
        Ok(self.reading.connect().await?)
    }

    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM partners LIMIT 1").execute(&self.readers).await?;
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn assert_version(pool: &SqlitePool) -> Result<(), StoreError> {
    let text: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let parts: Vec<u32> = text.split('.').map_while(|part| part.parse().ok()).collect();
    if parts.as_slice() < OLDEST_SAFE.as_slice() { Err(StoreError::Version(text)) } else { Ok(()) }
}
