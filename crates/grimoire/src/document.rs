//! The documents that answer a turn or a look at a session: assembled here and nowhere else.
//!
//! What comes in: core's reply, and what the session is called. What goes out: the JSON of the API. What it refuses
//! to know: HTTP, the store, how a reply came about.

use grimoire_core::{
    clarification::Clarification,
    preview::{Preview, Time},
    turn::{Reply, Stage},
};
use serde::Serialize;
use serde_json::{Value, json};

/// Where a session stands, by the API's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the API contract defines each by name")]
pub enum State {
    Created,
    Classifying,
    Clarifying,
    Building,
    Validating,
    PreviewReady,
    Expired,
}

impl State {
    /// The name used in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Classifying => "CLASSIFYING",
            Self::Clarifying => "CLARIFYING",
            Self::Building => "BUILDING",
            Self::Validating => "VALIDATING",
            Self::PreviewReady => "PREVIEW_READY",
            Self::Expired => "EXPIRED",
        }
    }

    /// Where a session stands while a turn has got this far.
    #[must_use]
    pub const fn during(stage: Stage) -> Self {
        match stage {
            Stage::Classifying => Self::Classifying,
            Stage::Building => Self::Building,
            Stage::Validating => Self::Validating,
        }
    }

    /// Where a session stands after a reply.
    #[must_use]
    pub const fn after(reply: &Reply) -> Self {
        match reply {
            Reply::Preview(_) => Self::PreviewReady,
            Reply::Clarification(_) => Self::Clarifying,
        }
    }
}

/// What a session is called and how long it lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// `sess_…`.
    pub session_id: String,
    /// One more with each turn.
    pub version: i64,
    /// Seconds since 1970.
    pub expires_at: i64,
}

#[derive(Serialize)]
struct Turn<'a> {
    ok: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    state: &'static str,
    session_id: &'a str,
    version: i64,
    expires_at: Time,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Preview { preview: &'a Preview, summary: String },
    Clarification(&'a Clarification),
    Kept(Value),
}

/// The document that answers a turn.
#[must_use]
pub fn turn(reply: &Reply, head: &Head) -> String {
    let (kind, body) = match reply {
        Reply::Preview(preview) => ("preview", Body::Preview { preview, summary: summary(reply) }),
        Reply::Clarification(clarification) => ("clarification", Body::Clarification(clarification)),
    };
    write(&Turn {
        ok: true,
        kind,
        state: State::after(reply).as_str(),
        session_id: &head.session_id,
        version: head.version,
        expires_at: time(head.expires_at),
        body,
    })
}

/// The document that answered a turn, from what was kept of it.
///
/// # Errors
/// When what was kept is no JSON.
pub fn kept_turn(kept: &Kept<'_>, head: &Head) -> Result<String, serde_json::Error> {
    let body: Value = serde_json::from_str(kept.body)?;
    let (kind, state, body) = if kept.replied == State::PreviewReady.as_str() {
        ("preview", State::PreviewReady, json!({"preview": body, "summary": kept.summary}))
    } else {
        ("clarification", State::Clarifying, body)
    };
    Ok(write(&Turn {
        ok: true,
        kind,
        state: state.as_str(),
        session_id: &head.session_id,
        version: head.version,
        expires_at: time(head.expires_at),
        body: Body::Kept(body),
    }))
}

/// A reply in a sentence.
#[must_use]
pub fn summary(reply: &Reply) -> String {
    match reply {
        Reply::Preview(preview) => format!("{}.", preview.summary.trim_end_matches('.')),
        Reply::Clarification(clarification) => clarification.message.clone(),
    }
}

/// Ids of the fields a reply leaves open.
#[must_use]
pub fn unresolved(reply: &Reply) -> Vec<&str> {
    match reply {
        Reply::Preview(_) => Vec::new(),
        Reply::Clarification(clarification) => {
            clarification.fields.iter().map(|field| field.id.as_str()).collect()
        }
    }
}

/// A reply's own part, to be kept and given to [`session`].
#[must_use]
pub fn body(reply: &Reply) -> String {
    match reply {
        Reply::Preview(preview) => write(preview),
        Reply::Clarification(clarification) => write(clarification),
    }
}

/// What is kept of a session's last reply.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    /// The state the session is shown in.
    pub state: &'a str,
    /// The state the reply left it in.
    pub replied: &'a str,
    /// Ids of open fields, a JSON array.
    pub unresolved: &'a str,
    /// Of [`body`]; empty before the first reply.
    pub body: &'a str,
    /// Of [`summary`].
    pub summary: &'a str,
}

/// The document that shows a session. A clarification's message and fields stand beside the published ones.
///
/// # Errors
/// When what was kept is no JSON.
pub fn session(kept: &Kept<'_>, head: &Head) -> Result<String, serde_json::Error> {
    let body: Value = if kept.body.is_empty() { Value::Null } else { serde_json::from_str(kept.body)? };
    let unresolved: Value = serde_json::from_str(kept.unresolved)?;
    let mut document = json!({
        "ok": true,
        "session_id": head.session_id,
        "state": kept.state,
        "unresolved_fields": unresolved,
        "latest_preview": null,
        "latest_summary": (!body.is_null()).then_some(kept.summary),
        "expires_at": time(head.expires_at),
        "version": head.version,
    });
    if kept.replied == State::PreviewReady.as_str() {
        let expired = kept.state == State::Expired.as_str();
        document["latest_preview"] = if expired { void(body) } else { body };
    } else if !body.is_null() {
        document["message"] = body["message"].clone();
        document["fields"] = body["fields"].clone();
    }
    serde_json::to_string(&document)
}

/// A preview nobody may act on any more.
fn void(mut preview: Value) -> Value {
    if let Some(preview) = preview.as_object_mut() {
        preview.shift_remove("transactions");
        if let Some(hash) = preview.get_mut("simulation").and_then(|s| s.get_mut("plan_hash")) {
            *hash = Value::Null;
        }
        preview.insert("executable".into(), Value::Bool(false));
        let message = "the session has expired: send the message again for a new preview";
        preview.insert("blocked".into(), json!({"code": "session_expired", "message": message}));
    }
    preview
}

/// A time as documents have it.
pub(crate) fn time(secs: i64) -> Time {
    Time(u64::try_from(secs).unwrap_or(0))
}

/// A document as text.
pub(crate) fn write(document: &impl Serialize) -> String {
    serde_json::to_string(document).expect("our documents have text keys and no failing parts")
}
