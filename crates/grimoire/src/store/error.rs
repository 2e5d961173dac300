//! What can go wrong with a store, by what the caller can do about it.

/// A store that failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no kind of store we have.
    #[error("`{0}` is not a store: write sqlite:PATH, such as sqlite:grimoire.db")]
    Address(String),
    /// The file cannot be created or reached.
    #[error("the database file cannot be opened")]
    File(#[source] std::io::Error),
    /// The library is older than what is safe.
    #[error("SQLite {0} can lose commits; 3.51.3 or later is needed")]
    Version(String),
    /// The file was written by a later release, or its migrations were changed.
    #[error("the store's tables do not fit this version of grimoire: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Others hold it; worth another try.
    #[error("the store is busy")]
    Busy(#[source] sqlx::Error),
    /// No space left to write to.
    #[error("the store's disk is full")]
    Full(#[source] sqlx::Error),
    /// A write whose outcome is not known: it may or may not have happened.
    #[error("the store could not confirm a write")]
    Unconfirmed(#[source] sqlx::Error),
    /// Anything else.
    #[error("the store failed: {0}")]
    Failed(#[source] sqlx::Error),
}

// Primary result codes of SQLite: https://sqlite.org/rescode.html
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Busy(error);
        }
        let code = error.as_database_error().and_then(|e| e.code()?.parse::<u32>().ok());
        match code.map(|code| code & 0xff) {
            Some(SQLITE_BUSY | SQLITE_LOCKED) => Self::Busy(error),
            Some(SQLITE_IOERR) => Self::Unconfirmed(error),
            Some(SQLITE_FULL) => Self::Full(error),
            _ => Self::Failed(error),
        }
    }
}
