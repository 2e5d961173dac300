//! What can go wrong, in one table; and what of it a caller is told.
//!
//! What comes in: failures of the services. What goes out: a [`Problem`]. No other file names a failure's status. What
//! it refuses to know: whose request it was, and how a problem is written.

use std::borrow::Cow;

use axum::http::StatusCode;
use grimoire_core::{evm::StateError, turn::TurnError};

use crate::{
    session::{SessionError, Standing},
    store::StoreError,
};

/// What the log says of a request whose client left before the answer; nobody is told.
pub(super) const UNANSWERED: u16 = 499;

macro_rules! kinds {
    ($($kind:ident $code:literal $status:ident $retryable:ident $title:literal;)*) => {
        /// What went wrong. The codes are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the titles say it")]
        pub enum Kind { $($kind),* }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            const fn row(self) -> (&'static str, StatusCode, bool, &'static str) {
                match self { $(Self::$kind => ($code, StatusCode::$status, $retryable, $title)),* }
            }
        }
    };
}

kinds! {
    BadRequest "bad_request" BAD_REQUEST false "The request is malformed";
    DuplicateKeyHeader "duplicate_auth_header" BAD_REQUEST false "There is more than one x-api-key header";
    InvalidJson "invalid_json" BAD_REQUEST false "The body is not valid JSON";
    DuplicateKey "duplicate_key" BAD_REQUEST false "The body names a key twice";
    InvalidRequest "invalid_request" BAD_REQUEST false "The body has the wrong shape";
    UnknownField "unknown_field" BAD_REQUEST false "The body has a field that is not known";
    IdempotencyKey "invalid_idempotency_key" BAD_REQUEST false "The Idempotency-Key header cannot be used";
    EventId "invalid_event_id" BAD_REQUEST false "The Last-Event-ID header is no event's number";
    Unauthorized "unauthorized" UNAUTHORIZED false "A good API key is needed";
    ForeignPartner "foreign_partner" FORBIDDEN false "The key is another partner's";
    NotFound "not_found" NOT_FOUND false "There is nothing here";
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED false "The route does not take this method";
    BodyTimeout "body_timeout" REQUEST_TIMEOUT true "The body did not arrive in time";
    HeadTooLarge "head_too_large" REQUEST_HEADER_FIELDS_TOO_LARGE false "The head of the request is too large";
    UriTooLong "uri_too_long" URI_TOO_LONG false "The path of the request is too long";
    PayloadTooLarge "payload_too_large" PAYLOAD_TOO_LARGE false "The body is too large";
    MediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE false "The body must be JSON";
    ContentEncoding "unsupported_content_encoding" UNSUPPORTED_MEDIA_TYPE false "The body must not be compressed";
    MissingField "missing_field" UNPROCESSABLE_ENTITY false "A field is missing";
    InvalidType "invalid_type" UNPROCESSABLE_ENTITY false "A field has the wrong type";
    VersionConflict "version_conflict" CONFLICT false "The session has another version by now";
    SessionBusy "session_busy" CONFLICT true "Another turn of the session is under way";
    KeyBusy "idempotency_in_progress" CONFLICT true "The first request of this key is under way";
    KeyReused "idempotency_key_reused" UNPROCESSABLE_ENTITY false "The key was used for another request";
    SessionExpired "session_expired" GONE false "The session has expired";
    PreconditionFailed "precondition_failed" PRECONDITION_FAILED false "The session has another tag by now";
    QuotaExceeded "quota_exceeded" TOO_MANY_REQUESTS true "The partner has too many sessions";
    SessionLimit "session_limit" TOO_MANY_REQUESTS false "The session takes no more turns";
    TooManyFailures "too_many_failures" TOO_MANY_REQUESTS true "Too many bad keys came from this address";
    TooManyTurns "too_many_turns" TOO_MANY_REQUESTS true "The key has too many turns under way";
    RateLimited "rate_limited" TOO_MANY_REQUESTS true "The key has sent too many requests";
    TooManyAtOnce "too_many_at_once" TOO_MANY_REQUESTS true "The key has too many requests under way";
    MessageEmpty "message_empty" UNPROCESSABLE_ENTITY false "The message is empty";
    MessageTooLong "message_too_long" UNPROCESSABLE_ENTITY false "The message is too long";
    ControlCharacter "control_character" UNPROCESSABLE_ENTITY false "The message has a control character";
    UnknownChain "unknown_chain" UNPROCESSABLE_ENTITY false "The chain is not known";
    InvalidAddress "invalid_address" UNPROCESSABLE_ENTITY false "This is not an address";
    BadChecksum "bad_checksum" UNPROCESSABLE_ENTITY false "The address has a wrong checksum";
    InvalidAnswers "invalid_answers" UNPROCESSABLE_ENTITY false "Some answers cannot be used";
    ChainNotServed "chain_not_served" UNPROCESSABLE_ENTITY false "The chain is not served here";
    Internal "internal" INTERNAL_SERVER_ERROR false "Something went wrong on our side";
    Overloaded "overloaded" SERVICE_UNAVAILABLE true "Too many requests at once";
    ChainUnavailable "chain_unavailable" SERVICE_UNAVAILABLE true "The chain does not answer";
    SessionNewer "session_newer" SERVICE_UNAVAILABLE true "A later version has gone on with the session";
    StorageBusy "storage_busy" SERVICE_UNAVAILABLE true "The store is busy";
    StorageFull "storage_full" SERVICE_UNAVAILABLE true "The store is full";
    CommitUnknown "commit_unknown" SERVICE_UNAVAILABLE true "The store could not confirm the write";
    StorageFailed "storage_failed" SERVICE_UNAVAILABLE true "The store does not answer";
    Draining "draining" SERVICE_UNAVAILABLE true "The server is stopping";
}

impl Kind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// What the caller's program goes by.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.row().1
    }

    /// Whether the same request may succeed a moment later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        self.row().2
    }

    /// The same for a person, whatever the case.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().3
    }
}

/// A failure that is told to the caller.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(super) kind: Kind,
    pub(super) detail: Cow<'static, str>,
    pub(super) errors: Vec<Entry>,
    pub(super) standing: Option<Standing>,
    pub(super) retry_after_secs: u64,
}

/// How long a caller waits before another try, where one is worth it and nothing else is known.
const RETRY_AFTER_SECS: u64 = 1;

/// How long until a partner's sessions are counted again.
const RECOUNT_SECS: u64 = 10;

/// What is wrong with one field.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// Its path, such as `user_context.chain`.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// A sentence: what is wrong, and what would work.
    pub message: String,
}

impl Problem {
    /// A problem with what is wrong in this case.
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..Self::fields(kind, Vec::new()) }
    }

    /// The same, worth another try after so long.
    pub(super) fn retry_after(self, secs: u64) -> Self {
        Self { retry_after_secs: secs, ..self }
    }

    /// A problem with how the session stands.
    fn standing(kind: Kind, detail: &'static str, standing: &Standing) -> Self {
        Self { standing: Some(standing.clone()), ..Self::new(kind, detail) }
    }

    /// Its stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// A problem with fields; its kind is the first one's.
    pub fn fields(kind: Kind, errors: Vec<Entry>) -> Self {
        let detail = errors.first().map_or(String::new(), |e| format!("{}: {}", e.field, e.message));
        Self { kind, detail: detail.into(), errors, standing: None, retry_after_secs: RETRY_AFTER_SECS }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

/// The cause is logged, not told: it may speak of files and tables.
impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        tracing::error!(error = error as &dyn std::error::Error, "store");
        match error {
            StoreError::Busy(_) => Self::new(Kind::StorageBusy, "try again in a moment"),
            StoreError::Full(_) => Self::new(Kind::StorageFull, "nothing was kept; reading still works"),
            StoreError::Unconfirmed(_) => {
                Self::new(Kind::CommitUnknown, "what was asked may or may not have been kept")
            }
            _ => Self::new(Kind::StorageFailed, "it could not be read or written; try again in a moment"),
        }
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        Self::from(&error)
    }
}

impl From<&SessionError> for Problem {
    fn from(error: &SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            SessionError::Unknown => Self::new(Kind::NotFound, "there is no such session"),
            SessionError::Expired => Self::new(
                Kind::SessionExpired,
                "begin a new one with POST /v1/run; this one still answers GET",
            ),
            SessionError::Full(most) => Self::new(
                Kind::SessionLimit,
                format!("a session takes {most} turns: begin a new one with POST /v1/run"),
            ),
            SessionError::Crowded(most) => Self::new(
                Kind::QuotaExceeded,
                format!("a partner has at most {most} sessions: go on with one, or come back once some have expired"),
            )
            .retry_after(RECOUNT_SECS),
            SessionError::Stale(standing) => {
                let detail = "look at the session again before you answer; nothing was applied";
                Self::standing(Kind::VersionConflict, detail, standing)
            }
            SessionError::Unmet(standing) => {
                let detail = "look at the session again before you answer; nothing was applied";
                Self::standing(Kind::PreconditionFailed, detail, standing)
            }
            SessionError::Underway(standing) => {
                Self::standing(Kind::SessionBusy, "nothing was applied; try again in a moment", standing)
            }
            SessionError::KeyReused => {
                Self::new(Kind::KeyReused, "take another key, or send the first request again as it was")
            }
            SessionError::KeyBusy => {
                Self::new(Kind::KeyBusy, "its result is not there yet; try again in a moment")
            }
            SessionError::Overtaken => Self::new(
                Kind::CommitUnknown,
                "what was asked may or may not have been kept: look at the session",
            ),
            SessionError::Busy => Self::new(Kind::Overloaded, "nothing was kept; try again in a moment"),
            SessionError::Turn(TurnError::State(StateError::NotServed(chain))) => Self::new(
                Kind::ChainNotServed,
                format!("{chain} is not among the served chains of GET /v1/catalog"),
            ),
            SessionError::Turn(TurnError::State(StateError::Unavailable(why))) => {
                tracing::warn!(why, "chain unavailable");
                Self::new(Kind::ChainUnavailable, "its state could not be read; nothing was kept")
            }
            SessionError::Turn(TurnError::Answers(faults)) => {
                let entry = |f: &grimoire_core::turn::FieldError| Entry {
                    field: format!("answers.{}", f.field),
                    code: f.code.clone(),
                    message: f.message.clone(),
                };
                Self::fields(Kind::InvalidAnswers, faults.iter().map(entry).collect())
            }
            SessionError::Turn(TurnError::Newer) => Self::new(
                Kind::SessionNewer,
                "a later version of the service has gone on with it; nothing was applied",
            ),
            SessionError::Turn(TurnError::Draft) | SessionError::Died | SessionError::Kept(_) => {
                tracing::error!(error = error as &dyn std::error::Error, "turn");
                Self::internal()
            }
        }
    }
}

impl Problem {
    /// Our own mistake. Nothing of it is told.
    pub fn internal() -> Self {
        Self::new(Kind::Internal, "the request was not carried to its end; tell the operator its request_id")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_plain() {
        for (i, kind) in Kind::ALL.iter().enumerate() {
            assert!(kind.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", kind.code());
            assert!(Kind::ALL[..i].iter().all(|other| other.code() != kind.code()), "{}", kind.code());
        }
    }
}
