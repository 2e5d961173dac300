//! What can go wrong with a store, by what the caller can do about it.

use std::sync::Arc;

/// A store that failed. Writes that are committed together fail together: a cause may be several callers'.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no kind of store we have.
    #[error("this names no store: write sqlite:PATH, such as sqlite:grimoire.db")]
    Address,
    /// The file cannot be created or reached.
    #[error("the database file cannot be opened")]
    File(#[source] std::io::Error),
    /// The library is older than what is safe.
    #[error("SQLite {0} can lose commits; 3.51.3 or later is needed")]
    Version(String),
    /// The file was written by a later release, or its migrations were changed.
    #[error("the store's tables do not fit this version of grimoire: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The file is something else.
    #[error("the file is not a database of ours: name another file")]
    Foreign(#[source] Arc<sqlx::Error>),
    /// Others hold it; worth another try.
    #[error("another process is writing to the store: try again in a moment")]
    Busy(#[source] Arc<sqlx::Error>),
    /// No space left to write to.
    #[error("the store's disk is full")]
    Full(#[source] Arc<sqlx::Error>),
    /// A write whose outcome is not known: it may or may not have happened.
    #[error("the store could not confirm a write, which may or may not have happened")]
    Unconfirmed(#[source] Arc<sqlx::Error>),
    /// Anything else.
    #[error("the store failed")]
    Failed(#[source] Arc<sqlx::Error>),
}

// Primary result codes of SQLite: https://sqlite.org/rescode.html
const SQLITE_ERROR: u32 = 1;
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_FULL: u32 = 13;
const SQLITE_CONSTRAINT: u32 = 19;
const SQLITE_NOTADB: u32 = 26;

/// With these a write surely has not happened.
const REFUSALS: [u32; 6] =
    [SQLITE_ERROR, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL, SQLITE_CONSTRAINT];

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}

impl StoreError {
    /// Of a statement that commits: what is not surely refused may have happened.
    pub(super) fn of_write(error: impl Into<Arc<sqlx::Error>>) -> Self {
        let error = error.into();
        let unsent = matches!(*error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
        let refused = primary_code(&error).is_some_and(|code| REFUSALS.contains(&code));
        if unsent || refused { error.into() } else { Self::Unconfirmed(error) }
    }
}

/// Whether a statement was refused for what it says alone, so that the transaction it stands in goes on.
pub(super) fn is_harmless(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(SQLITE_CONSTRAINT)
}

/// Of everything that does not commit.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<sqlx::Error>> for StoreError {
    fn from(error: Arc<sqlx::Error>) -> Self {
        if matches!(*error, sqlx::Error::PoolTimedOut) {
            return Self::Busy(error);
        }
        match primary_code(&error) {
            Some(SQLITE_BUSY | SQLITE_LOCKED) => Self::Busy(error),
            Some(SQLITE_FULL) => Self::Full(error),
            Some(SQLITE_NOTADB) => Self::Foreign(error),
            _ => Self::Failed(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, error::Error, fmt};

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// What SQLite says with this extended code.
    #[derive(Debug)]
    struct Code(u32);

    impl fmt::Display for Code {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "(code: {})", self.0)
        }
    }

    impl Error for Code {}

    impl DatabaseError for Code {
        fn message(&self) -> &str {
            ""
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.to_string().into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn error(code: u32) -> sqlx::Error {
        sqlx::Error::Database(Box::new(Code(code)))
    }

    #[test]
    fn only_a_write_can_be_unconfirmed() {
        // SQLITE_IOERR_READ, SQLITE_IOERR_FSYNC, SQLITE_CORRUPT
        for code in [266, 1034, 11] {
            assert!(matches!(StoreError::from(error(code)), StoreError::Failed(_)), "{code}");
            assert!(matches!(StoreError::of_write(error(code)), StoreError::Unconfirmed(_)), "{code}");
        }
        let crashed = || sqlx::Error::WorkerCrashed;
        assert!(matches!(StoreError::from(crashed()), StoreError::Failed(_)));
        assert!(matches!(StoreError::of_write(crashed()), StoreError::Unconfirmed(_)));
    }

    #[test]
    fn a_write_that_was_refused_has_not_happened() {
        // SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED
        for code in [517, 6] {
            assert!(matches!(StoreError::of_write(error(code)), StoreError::Busy(_)), "{code}");
        }
        assert!(matches!(StoreError::of_write(error(13)), StoreError::Full(_)));
        // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_READONLY
        for code in [1555, 8] {
            assert!(matches!(StoreError::of_write(error(code)), StoreError::Failed(_)), "{code}");
        }
        assert!(matches!(StoreError::of_write(sqlx::Error::PoolTimedOut), StoreError::Busy(_)));
    }
}
