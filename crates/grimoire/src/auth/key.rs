//! The text of a key: `gk_`, an id to look it up by, and 256 random bits.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::ident;

const ID_CHARS: usize = 16;
const SECRET_CHARS: usize = 52;

/// A key with its secret. It is shown once and has no `Debug`.
pub(super) struct Key {
    pub(super) id: String,
    secret: String,
}

impl Key {
    pub(super) fn random() -> Self {
        Self { id: ident::text(&ident::bytes::<10>()), secret: ident::text(&ident::bytes::<32>()) }
    }

    /// Nothing when the text cannot be a key; such a text is neither hashed nor looked up.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix("gk_")?.split_once('_')?;
        let fits = id.len() == ID_CHARS && secret.len() == SECRET_CHARS;
        (fits && text.is_ascii()).then(|| Self { id: id.into(), secret: secret.into() })
    }

    /// What is stored. A plain hash is enough for a secret of 256 random bits.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret.as_bytes()).into()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gk_{}_{}", self.id, self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back() {
        let key = Key::random();
        let back = Key::parse(&key.to_string()).expect("a key");
        assert_eq!((back.id, back.secret), (key.id, key.secret));
    }

    #[test]
    fn other_texts_are_no_keys() {
        let key = Key::random().to_string();
        for text in ["", " ", "null", "gk_", "gk__", &key[3..], &key[..key.len() - 1], &format!("{key}0")] {
            assert!(Key::parse(text).is_none(), "{text}");
        }
    }
}
