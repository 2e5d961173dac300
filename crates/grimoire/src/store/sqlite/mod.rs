//! SQLite: one connection writes, several read; a commit is on disk before it is acknowledged.

mod claims;
mod events;
mod file;
mod keys;
mod partners;
mod sessions;
mod work;
mod writer;

use std::{path::Path, time::Duration};

use futures_util::future::BoxFuture;
use sqlx::{
    ConnectOptions, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::StoreError;
use writer::Writer;

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
    /// Writes queue here instead of fighting for the lock.
    writer: Writer,
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
        let mut writing = options.connect().await?;
        assert_version(&mut writing).await?;
        sqlx::migrate!("migrations/sqlite").run(&mut writing).await?;
        let reading = options.clone().read_only(true);
        // A connection to a file does not die in the pool: it need not be asked whether it lives.
        let readers = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(ACQUIRE_TIMEOUT);
        let readers = readers.test_before_acquire(false).connect_with(reading.clone()).await?;
        Ok(Self { writer: Writer::start(writing, options), readers, reading })
    }

    /// Runs statements that hold together; what they return is on disk then.
    async fn write<T, F>(&self, statements: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        self.writer.write(statements).await
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

async fn assert_version(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let text: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
    let parts: Vec<u32> = text.split('.').map_while(|part| part.parse().ok()).collect();
    if parts.as_slice() < OLDEST_SAFE.as_slice() { Err(StoreError::Version(text)) } else { Ok(()) }
}
