//! What is stored, as plain records. Times are seconds since 1970.

/// Somebody who may call the API.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Partner {
    /// Unique; the `partner_id` of the API.
    pub name: String,
    /// When it was created.
    pub created_at: i64,
}

/// A key of a partner, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// Public part of the key.
    pub id: String,
    /// Whose it is.
    pub partner: String,
    /// SHA-256 of the secret part.
    pub secret_hash: Vec<u8>,
    /// When it was created.
    pub created_at: i64,
    /// From when on it is no longer good.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// A conversation as its last turn left it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// `sess_…`.
    pub id: String,
    /// Whose it is.
    pub partner: String,
    /// A state of the API.
    pub state: String,
    /// One more with each turn.
    pub version: i64,
    /// The chain of the caller's context.
    pub chain: Option<String>,
    /// The wallet of the caller's context, EIP-55.
    pub wallet: Option<String>,
    /// The conversation, opaque.
    pub draft: String,
    /// Ids of the open fields, a JSON array.
    pub unresolved: String,
    /// The body of the last reply, JSON.
    pub reply: String,
    /// The last reply in a sentence.
    pub summary: String,
    /// When the first turn was taken.
    pub created_at: i64,
    /// When the last one was.
    pub updated_at: i64,
    /// From when on it takes no more turns.
    pub expires_at: i64,
}
