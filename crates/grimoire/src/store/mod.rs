//! Where partners, keys and sessions are kept.
//!
//! What comes in: records, and the time where it matters. What goes out: records; a write that returns `Ok` is on
//! disk. What it refuses to know: what a draft or a reply says, and who may see what.

mod error;
mod rows;
mod sqlite;
mod events;
mod work;

pub use error::StoreError;
pub use rows::{Begun, ClaimKey, ClaimRow, EventRows, KeyRow, LeaseRow, Partner, SessionRow, TurnRow};
use sqlite::Sqlite;

/// A database; each kind is a variant.
#[derive(Clone, Debug)]
pub enum Store {
    /// A file on this machine.
    Sqlite(Sqlite),
}

impl Store {
    /// Opens the database at `sqlite:PATH`, creating and migrating it as needed.
    ///
    /// # Errors
    /// When the address is of another kind, or the database cannot be used.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(Sqlite::open(path.as_ref()).await?)),
            _ => Err(StoreError::Address),
        }
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let Self::Sqlite(db) = self;
        db.ping().await
    }

    /// Lets go of the database once what is under way is done.
    pub async fn close(&self) {
        let Self::Sqlite(db) = self;
        db.close().await;
    }

    /// Adds a partner; `false` when the name is taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_partner(&self, partner: &Partner) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.add_partner(partner).await
    }

    /// Adds the first partner and its key together; `false`, and nothing is added, when there is a partner already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_first_partner(&self, partner: &Partner, key: &KeyRow) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.add_first_partner(partner, key).await
    }

    /// Every partner, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        let Self::Sqlite(db) = self;
        db.partners().await
    }

    /// Adds a key; `false` when its partner does not exist.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_key(&self, key: &KeyRow) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.add_key(key).await
    }

    /// The key of that id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn key(&self, id: &str) -> Result<Option<KeyRow>, StoreError> {
        let Self::Sqlite(db) = self;
        db.key(id).await
    }

    /// Every key, by partner and age.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        let Self::Sqlite(db) = self;
        db.keys().await
    }

    /// Revokes a key from `at` on; `false` when there is none of that id. Revoking twice keeps the first time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke_key(&self, id: &str, at: i64) -> Result<bool, StoreError> {
        let Self::Sqlite(db) = self;
        db.revoke_key(id, at).await
    }

    /// A partner's session of that id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn session(&self, partner: &str, id: &str) -> Result<Option<SessionRow>, StoreError> {
        let Self::Sqlite(db) = self;
        db.session(partner, id).await
    }

    /// How many sessions of a partner have not expired; no more than `most` are counted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn live_sessions(&self, partner: &str, now: i64, most: i64) -> Result<i64, StoreError> {
        let Self::Sqlite(db) = self;
        db.live_sessions(partner, now, most).await
    }

    /// Deletes up to `limit` sessions that expired before `before`; returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep_sessions(&self, before: i64, limit: u32) -> Result<u64, StoreError> {
        let Self::Sqlite(db) = self;
        db.sweep_sessions(before, limit).await
    }
}
