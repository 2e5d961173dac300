//! What a client was told of a session.
//!
//! What comes in: replies, streams, looks. What goes out: the same few facts of each, its documents byte for byte, so
//! that they can be compared. What it refuses to know: what they mean.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::Reply;

/// A session as one answer shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) session: String,
    pub(crate) version: u64,
    pub(crate) state: String,
    expires_at: String,
    summary: String,
    preview: Option<String>,
    fields: Option<String>,
}

/// A stream, as far as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stream {
    pub(crate) run: String,
    pub(crate) bytes: String,
    pub(crate) whole: bool,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It was done.
    Done { told: Told, body: String, stream: Option<Stream> },
    /// It was begun, and its stream was cut off.
    Begun { session: String, stream: Stream },
    /// It may have been done.
    Perhaps,
    /// It was not done, and why.
    Refused(String),
}

#[derive(Deserialize)]
struct Document<'a> {
    session_id: String,
    version: u64,
    state: String,
    expires_at: String,
    summary: Option<String>,
    latest_summary: Option<String>,
    message: Option<String>,
    #[serde(borrow)]
    preview: Option<&'a RawValue>,
    latest_preview: Option<&'a RawValue>,
    fields: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    problem: Option<&'a RawValue>,
}

impl Told {
    /// Of a reply, the last event of a stream, or a look.
    pub(crate) fn by(text: &str) -> Self {
        let document: Document<'_> = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let raw = |value: Option<&RawValue>| value.map(|raw| raw.get().to_owned());
        Self {
            session: document.session_id,
            version: document.version,
            state: document.state,
            expires_at: document.expires_at,
            summary: document.summary.or(document.latest_summary).or(document.message).unwrap_or_default(),
            preview: raw(document.preview.or(document.latest_preview)),
            fields: raw(document.fields),
        }
    }

    /// Of a session of which nothing else is known.
    pub(crate) fn nothing(session: String) -> Self {
        Self { session, ..Self::default() }
    }

    /// Whether it waits for an amount and a venue.
    pub(crate) fn asks_for_amount(&self) -> bool {
        self.fields.as_ref().is_some_and(|fields| fields.contains(r#""id":"amount""#))
    }

    /// Whether a turn is under way.
    pub(crate) fn is_working(&self) -> bool {
        matches!(self.state.as_str(), "CREATED" | "CLASSIFYING" | "BUILDING" | "VALIDATING")
    }
}

impl Heard {
    /// What an answer says of its request; none is one too.
    pub(crate) fn of(reply: Option<Reply>) -> Self {
        let Some(reply) = reply else { return Self::Perhaps };
        let streamed = reply.header("content-type") == Some("text/event-stream");
        match (reply.status, reply.whole, streamed) {
            (200, true, false) => Self::Done { told: Told::by(&reply.body), body: reply.body, stream: None },
            (200, whole, true) => Self::streamed(&reply, whole),
            (_, true, false) => match reply.code() {
                code if code == "commit_unknown" => Self::Perhaps,
                code => Self::Refused(code),
            },
            _ => Self::Perhaps,
        }
    }

    fn streamed(reply: &Reply, whole: bool) -> Self {
        let named = |name| reply.header(name).expect("every stream says it").to_owned();
        let (session, run) = (named("x-session-id"), named("x-stream-run"));
        let stream = Stream { run, bytes: reply.body.clone(), whole };
        let mut last = None;
        for document in reply.body.lines().filter_map(|line| line.strip_prefix("data: ")) {
            // The last one may be cut off.
            let Ok(event) = serde_json::from_str::<Event<'_>>(document) else { break };
            match event.kind.as_str() {
                "preview_ready" | "clarification" => last = Some(Ok(Told::by(document))),
                "error" => {
                    let problem: serde_json::Value =
                        serde_json::from_str(event.problem.map_or("{}", RawValue::get)).expect("JSON");
                    last = Some(Err(problem["code"].as_str().unwrap_or("none").to_owned()));
                }
                _ => {}
            }
        }
        match last {
            Some(Ok(told)) if whole => Self::Done { told, body: stream.bytes.clone(), stream: Some(stream) },
            Some(Err(code)) if code == "commit_unknown" => Self::Perhaps,
            Some(Err(code)) => Self::Refused(code),
            _ => Self::Begun { session, stream },
        }
    }
}
