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

/// A conversation as its last turn left it, and the turn that is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// `sess_…`.
    pub id: String,
    /// Whose it is.
    pub partner: String,
    /// A state of the API.
    pub state: String,
    /// One more with each turn; 0 before the first one's end.
    pub version: i64,
    /// The chain of the caller's context.
    pub chain: Option<String>,
    /// The wallet of the caller's context, EIP-55.
    pub wallet: Option<String>,
    /// The conversation, opaque; empty before the first turn's end.
    pub draft: String,
    /// Ids of the open fields, a JSON array.
    pub unresolved: String,
    /// The body of the last reply, JSON; empty before the first turn's end.
    pub reply: String,
    /// The last reply in a sentence.
    pub summary: String,
    /// When the first turn was begun.
    pub created_at: i64,
    /// When the last one ended.
    pub updated_at: i64,
    /// From when on it takes no more turns.
    pub expires_at: i64,
    /// How many leases there were.
    pub fence: i64,
    /// The state of the turn under way.
    pub working: Option<String>,
    /// What that turn is to do, opaque.
    pub work: Option<String>,
    /// Until when its holder may take.
    pub lease_until: Option<i64>,
    /// The fence the last turn that ended began under.
    pub run: i64,
}

/// A request that may be sent again, and its result.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClaimRow {
    /// Whose it is.
    pub partner: String,
    /// What the caller calls it.
    pub key: String,
    /// SHA-256 of what was asked.
    pub fingerprint: Vec<u8>,
    /// The session it concerns.
    pub session: String,
    /// The fence it began under.
    pub run: i64,
    /// Whether the result is a stream.
    pub stream: bool,
    /// When it was first asked.
    pub created_at: i64,
    /// The session's version with the result; nothing while it is under way.
    pub version: Option<i64>,
    /// The result; nothing while it is under way.
    pub body: Option<String>,
}

/// Which claim a turn was asked under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimKey {
    /// Of [`ClaimRow`].
    pub partner: String,
    /// The same.
    pub key: String,
    /// The same.
    pub session: String,
    /// The same.
    pub run: i64,
}

impl ClaimRow {
    /// Which claim it is.
    #[must_use]
    pub fn id(&self) -> ClaimKey {
        let Self { partner, key, session, run, .. } = self.clone();
        ClaimKey { partner, key, session, run }
    }
}

/// Events of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRows {
    /// The stream: the fence it began under.
    pub run: i64,
    /// The number of the first.
    pub first: i64,
    /// JSON, one a number.
    pub documents: Vec<String>,
}

/// What came of beginning a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is begun.
    Yes,
    /// The session is no longer as was supposed.
    Lost,
    /// The key is another request's.
    Claimed,
}

/// A turn that is begun on a session of this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseRow {
    /// The session.
    pub id: String,
    /// The version it goes on from.
    pub version: i64,
    /// One more than the session's was.
    pub fence: i64,
    /// The state it begins in.
    pub working: String,
    /// What is to be done, opaque.
    pub work: String,
    /// The time it is begun at.
    pub now: i64,
    /// Until when its holder may take; nobody's lease lasts longer.
    pub until: i64,
    /// What its stream begins with.
    pub events: Option<EventRows>,
    /// The key it is asked under.
    pub claim: Option<ClaimRow>,
}

/// What a turn left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnRow {
    /// The session.
    pub id: String,
    /// Of the lease it was taken under.
    pub fence: i64,
    /// The fence it began under.
    pub run: i64,
    /// The session's from now on.
    pub version: i64,
    /// The same.
    pub state: String,
    /// The same.
    pub draft: String,
    /// The same.
    pub unresolved: String,
    /// The same.
    pub reply: String,
    /// The same.
    pub summary: String,
    /// The time it ended at.
    pub now: i64,
    /// The session's from now on.
    pub expires_at: i64,
    /// The last events of its stream.
    pub events: Option<EventRows>,
    /// The key it was asked under.
    pub claim: Option<ClaimKey>,
    /// What is answered again under that key.
    pub body: Option<String>,
}
