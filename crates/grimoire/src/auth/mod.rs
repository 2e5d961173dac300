//! Who is calling, and who may.
//!
//! What comes in: the text of a key; names of partners. What goes out: a [`Caller`], or nothing. What it refuses to
//! know: HTTP, and why a key is not good: nobody is told.

mod key;

use std::sync::Arc;

use subtle::ConstantTimeEq;

use crate::{
    clock::Clock,
    store::{Store, StoreError},
    units::Period,
};
use key::Key;

pub use crate::store::{KeyRow, Partner};

/// The partner that the first start creates.
pub const FIRST_PARTNER: &str = "demo";

const NAME_CHARS: usize = 64;

/// Partners and their keys.
#[derive(Clone)]
pub struct Keyring {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// Somebody who has shown a good key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose key it is.
    pub partner: String,
    /// The key's public id.
    pub key: String,
}

/// What stands in the way of changing partners or keys.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No name for a partner.
    #[error("`{0}` cannot be a partner's name: use 1 to 64 of a-z, 0-9, `-` and `_`")]
    Name(String),
    /// There is one already.
    #[error("there is a partner `{0}` already")]
    Taken(String),
    /// There is none.
    #[error(
        "there is no partner `{0}`: `grimoire partners create {0}` makes one, `grimoire partners list` shows all"
    )]
    NoPartner(String),
    /// There is none.
    #[error("there is no key `{0}`: `grimoire keys list` shows all")]
    NoKey(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Keyring {
    /// A keyring in this store.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The keyring of the store at this address.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub async fn open(store: &str, clock: Arc<dyn Clock>) -> Result<Self, AuthError> {
        Ok(Self::new(Store::open(store).await?, clock))
    }

    /// Lets go of the store.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Whose key this is; nobody's when it is malformed, unknown, expired or revoked.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recognise(&self, text: &str) -> Result<Option<Caller>, StoreError> {
        let Some(shown) = Key::parse(text) else { return Ok(None) };
        let Some(row) = self.store.key(&shown.id).await? else { return Ok(None) };
        let same = bool::from(shown.hash().as_slice().ct_eq(&row.secret_hash));
        Ok((same && self.is_good(&row)).then_some(Caller { partner: row.partner, key: row.id }))
    }

    /// Whether a caller's key is still good.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn still_knows(&self, caller: &Caller) -> Result<bool, StoreError> {
        Ok(self.store.key(&caller.key).await?.is_some_and(|row| self.is_good(&row)))
    }

    fn is_good(&self, row: &KeyRow) -> bool {
        row.revoked_at.is_none() && row.expires_at.is_none_or(|at| self.clock.now() < at)
    }

    /// Whether a text has the form of a key. What has not is nobody's, and nothing is looked up for it.
    #[must_use]
    pub fn has_form(text: &str) -> bool {
        Key::parse(text).is_some()
    }

    /// Adds a partner.
    ///
    /// # Errors
    /// When the name cannot be one or is taken, or the store fails.
    pub async fn create_partner(&self, name: &str) -> Result<(), AuthError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if name.is_empty() || name.len() > NAME_CHARS || !name.bytes().all(allowed) {
            return Err(AuthError::Name(name.into()));
        }
        let partner = Partner { name: name.into(), created_at: self.clock.now() };
        if self.store.add_partner(&partner).await? { Ok(()) } else { Err(AuthError::Taken(name.into())) }
    }

    /// Every partner, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn partners(&self) -> Result<Vec<Partner>, AuthError> {
        Ok(self.store.partners().await?)
    }

    /// Adds a key and returns its text, which is kept nowhere.
    ///
    /// # Errors
    /// When there is no such partner, or the store fails.
    pub async fn create_key(&self, partner: &str, good_for: Option<Period>) -> Result<String, AuthError> {
        let key = Key::random();
        let row = self.row(&key, partner, good_for);
        if self.store.add_key(&row).await? {
            Ok(key.to_string())
        } else {
            Err(AuthError::NoPartner(partner.into()))
        }
    }

    /// Adds the first partner with a key and returns the key's text; nothing when there is a partner already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin(&self) -> Result<Option<String>, AuthError> {
        let key = Key::random();
        let partner = Partner { name: FIRST_PARTNER.into(), created_at: self.clock.now() };
        let added = self.store.add_first_partner(&partner, &self.row(&key, FIRST_PARTNER, None)).await?;
        Ok(added.then(|| key.to_string()))
    }

    /// Every key, by partner and age.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, AuthError> {
        Ok(self.store.keys().await?)
    }

    /// Makes a key worthless, at once and for good.
    ///
    /// # Errors
    /// When there is no such key, or the store fails.
    pub async fn revoke(&self, id: &str) -> Result<(), AuthError> {
        let revoked = self.store.revoke_key(id, self.clock.now()).await?;
        if revoked { Ok(()) } else { Err(AuthError::NoKey(id.into())) }
    }

    fn row(&self, key: &Key, partner: &str, good_for: Option<Period>) -> KeyRow {
        let now = self.clock.now();
        KeyRow {
            id: key.id.clone(),
            partner: partner.into(),
            secret_hash: key.hash().to_vec(),
            created_at: now,
            expires_at: good_for.map(|period| now + i64::from(period.secs)),
            revoked_at: None,
        }
    }
}

/// How a key stands at a time, in a word.
#[must_use]
pub fn standing(key: &KeyRow, now: i64) -> &'static str {
    if key.revoked_at.is_some() {
        "revoked"
    } else if key.expires_at.is_some_and(|at| at <= now) {
        "expired"
    } else {
        "good"
    }
}
