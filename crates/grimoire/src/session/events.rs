//! The events a stream tells a turn by.
//!
//! What comes in: what becomes known, a reply, a failure. What goes out: numbered JSON documents, and their frames. What it
//! refuses to know: who reads them, and where they are kept.

use grimoire_core::turn::{News, Reply, Stage};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::document::{self, Head, State};

/// What every stream begins with.
pub(super) fn opening() -> String {
    event(1, "thinking", json!({"message": "Analyzing intent..."}))
}

/// Something that became known of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The stage it came to.
    Stage(Stage),
    /// A piece of the summary.
    Summary(String),
}

impl From<News<'_>> for Told {
    fn from(news: News<'_>) -> Self {
        match news {
            News::Stage(stage) => Self::Stage(stage),
            News::Summary(piece) => Self::Summary(piece.to_owned()),
        }
    }
}

impl Told {
    /// The state that came with it.
    pub(super) fn stage(&self) -> Option<State> {
        if let Self::Stage(stage) = self { Some(State::during(*stage)) } else { None }
    }

    /// Whether there is an event of it: the first stage is what a stream begins with.
    pub(super) fn is_heard(&self) -> bool {
        *self != Self::Stage(Stage::Classifying)
    }
}

/// What became known, as it is told.
pub(super) fn told(seq: i64, told: &Told) -> String {
    let (message, part) = match told {
        Told::Stage(Stage::Classifying) => ("Analyzing intent...", "progress"),
        Told::Stage(Stage::Building) => ("Building action plan...", "progress"),
        Told::Stage(Stage::Validating) => ("Simulating transactions...", "progress"),
        Told::Summary(piece) => (piece.as_str(), "summary"),
    };
    event(seq, "summary_chunk", json!({"message": message, "part": part}))
}

/// The end of a turn that has a reply: the reply, the end.
pub(super) fn replied(first: i64, reply: &Reply, head: &Head) -> Vec<String> {
    let mut all = Numbered { next: first, documents: Vec::new() };
    let told = json!({
        "state": State::after(reply).as_str(),
        "session_id": head.session_id,
        "version": head.version,
        "expires_at": document::time(head.expires_at),
    });
    match reply {
        Reply::Preview(preview) => {
            all.push(
                "preview_ready",
                with(told, json!({"preview": preview, "summary": document::summary(reply)})),
            );
        }
        Reply::Clarification(clarification) => all.push("clarification", with(told, json!(clarification))),
    }
    all.push("done", json!({}));
    all.documents
}

/// The end of a turn that failed.
pub(super) fn failed(first: i64, problem: &Value) -> Vec<String> {
    let mut all = Numbered { next: first, documents: Vec::new() };
    all.push("error", json!({"problem": problem}));
    all.push("done", json!({}));
    all.documents
}

/// Whether nothing comes after this event.
pub(super) fn is_last(document: &str) -> bool {
    document.ends_with(r#","type":"done"}"#)
}

/// An event as it is sent (WHATWG HTML, 9.2).
pub(super) fn frame(seq: i64, document: &str) -> String {
    format!("id: {seq}\ndata: {document}\n\n")
}

/// Events as they are sent, numbered from 1.
pub(super) fn frames(documents: &[String]) -> String {
    (1..).zip(documents).map(|(seq, document)| frame(seq, document)).collect()
}

struct Numbered {
    next: i64,
    documents: Vec<String>,
}

impl Numbered {
    fn push(&mut self, kind: &str, rest: Value) {
        self.documents.push(event(self.next, kind, rest));
        self.next += 1;
    }
}

fn event(seq: i64, kind: &str, rest: Value) -> String {
    #[derive(Serialize)]
    struct Event<'a> {
        seq: i64,
        #[serde(rename = "type")]
        kind: &'a str,
        #[serde(flatten)]
        rest: Value,
    }
    document::write(&Event { seq, kind, rest })
}

fn with(first: Value, second: Value) -> Value {
    let map = |value| if let Value::Object(map) = value { map } else { Map::new() };
    Value::Object(map(first).into_iter().chain(map(second)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_numbered_lines() {
        let problem = json!({"code": "chain_unavailable", "detail": "two\nlines"});
        let documents = [vec![opening()], failed(2, &problem)].concat();
        let text = frames(&documents);
        assert_eq!(text.lines().filter(|line| !line.is_empty()).count(), 6, "{text}");
        for (line, seq) in text.lines().filter(|l| l.starts_with("data: ")).zip(1..) {
            let event: Value = serde_json::from_str(&line[6..]).expect("JSON");
            assert_eq!(event["seq"], seq);
        }
        assert_eq!(documents.iter().map(|d| is_last(d)).collect::<Vec<_>>(), [false, false, true]);
    }
}
