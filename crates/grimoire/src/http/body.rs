//! A request's body: its headers checked, its bytes bounded in size and time, its fields taken one by one.
//!
//! What comes in: the raw request. What goes out: typed values, or everything that is wrong with them at once. What
//! it refuses to know: what the fields are for.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

use super::{
    json::{self, DEPTH, Wrong},
    problem::{Entry, Kind, Problem},
};
use crate::opening::Fault;

/// The most bytes a body may have.
const BYTES: usize = 64 * 1024;

/// Reads a body as one JSON object.
pub(super) async fn read(headers: &HeaderMap, body: Body, timeout: Duration) -> Result<Fields, Problem> {
    check_headers(headers)?;
    let bytes = tokio::time::timeout(timeout, axum::body::to_bytes(body, BYTES))
        .await
        .map_err(|_| Problem::new(Kind::BodyTimeout, "send the body together with the request"))?
        .map_err(|error| match error.into_inner().is::<axum::Error>() {
            true => Problem::new(Kind::BadRequest, "the body could not be read to its end"),
            false => too_large(),
        })?;
    let wrong = |wrong| match wrong {
        Wrong::Syntax(why) => Problem::new(Kind::InvalidJson, why),
        Wrong::Depth => Problem::new(Kind::InvalidJson, format!("it is nested deeper than {DEPTH} levels")),
        Wrong::Twice(key) => Problem::new(Kind::DuplicateKey, format!("`{}` stands twice", short(&key))),
        Wrong::NoObject => Problem::new(Kind::InvalidRequest, "the body must be a JSON object"),
    };
    Ok(Fields {
        path: String::new(),
        map: json::read(&bytes).map_err(wrong)?,
        bytes,
        errors: Vec::new(),
        kind: None,
    })
}

fn too_large() -> Problem {
    Problem::new(Kind::PayloadTooLarge, format!("at most {BYTES} bytes are read"))
}

fn check_headers(headers: &HeaderMap) -> Result<(), Problem> {
    let text =
        |name| headers.get(name).map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    if text(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Problem::new(Kind::ContentEncoding, "leave content-encoding out"));
    }
    let media_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = media_type.split(';').map(str::trim);
    let json = parts.next() == Some("application/json");
    if !json || !parts.all(|part| matches!(part, "" | "charset=utf-8" | "charset=\"utf-8\"")) {
        return Err(Problem::new(Kind::MediaType, "send content-type: application/json"));
    }
    let length = text(header::CONTENT_LENGTH).and_then(|n| n.parse::<u64>().ok());
    if length.is_some_and(|n| n > BYTES as u64) { Err(too_large()) } else { Ok(()) }
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

/// The fields of an object that have not been taken yet, and what was wrong with those that were.
#[derive(Debug)]
pub(super) struct Fields {
    path: String,
    /// The whole body, as it was written; empty for an inner object.
    bytes: Bytes,
    map: Map<String, Value>,
    errors: Vec<Entry>,
    kind: Option<Kind>,
}

impl Fields {
    fn inner(path: String, map: Map<String, Value>) -> Self {
        Self { path, bytes: Bytes::new(), map, errors: Vec::new(), kind: None }
    }

    /// The whole body, as it was written.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The values of an object of the body as they were written, in their order; none when left out or null.
    pub(super) fn written(&mut self, name: &str) -> Result<Vec<(String, String)>, Problem> {
        match self.map.shift_remove(name) {
            Some(Value::Object(_)) => {}
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(_) => {
                return Err(Problem::new(Kind::InvalidRequest, format!("`{name}` must be an object")));
            }
        }
        json::written(&self.bytes, name).ok_or_else(Problem::internal)
    }

    /// An integer that may be left out or null.
    pub(super) fn optional_integer(&mut self, name: &str) -> Option<i64> {
        match self.map.shift_remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => {
                value.as_i64().or_else(|| self.wrong(name, Kind::InvalidType, "this must be an integer"))
            }
        }
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.map.shift_remove(name) {
            Some(Value::String(text)) => Some(text),
            Some(_) => self.wrong(name, Kind::InvalidType, "this must be a string"),
            None => self.wrong(name, Kind::MissingField, "this is needed"),
        }
    }

    /// A text that may be left out or null.
    pub(super) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.map.get(name) {
            None => None,
            Some(Value::Null) => self.map.shift_remove(name).and(None),
            Some(_) => self.text(name),
        }
    }

    /// A boolean that is false when left out or null.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.map.shift_remove(name) {
            Some(Value::Bool(flag)) => flag,
            None | Some(Value::Null) => false,
            Some(_) => self.wrong(name, Kind::InvalidType, "this must be true or false").unwrap_or(false),
        }
    }

    /// An object; an empty one when left out or null. To be given back with [`Self::absorb`].
    pub(super) fn object(&mut self, name: &str) -> Result<Self, Problem> {
        let path = self.path_of(name);
        match self.map.shift_remove(name) {
            Some(Value::Object(map)) => Ok(Self::inner(path, map)),
            None | Some(Value::Null) => Ok(Self::inner(path, Map::new())),
            Some(_) => Err(Problem::new(Kind::InvalidRequest, format!("`{path}` must be an object"))),
        }
    }

    /// Takes over what was wrong with an inner object.
    pub(super) fn absorb(&mut self, inner: Self) -> Result<(), Problem> {
        inner.check_known()?;
        self.kind = self.kind.or(inner.kind);
        self.errors.extend(inner.errors);
        Ok(())
    }

    /// Notes what a check said of a field.
    pub(super) fn note<T>(&mut self, name: &str, checked: Result<T, Fault>) -> Option<T> {
        checked.map_or_else(|fault| self.wrong(name, Kind::from(&fault), &fault.to_string()), Some)
    }

    /// Notes that a field is wrong.
    pub(super) fn wrong<T>(&mut self, name: &str, kind: Kind, message: &str) -> Option<T> {
        self.kind = self.kind.or(Some(kind));
        let entry = Entry { field: self.path_of(name), code: kind.code().into(), message: message.into() };
        self.errors.push(entry);
        None
    }

    /// Whether something was wrong so far.
    pub(super) fn is_wrong(&self) -> bool {
        self.kind.is_some()
    }

    /// The end: nothing may be left, and nothing may have been wrong.
    pub(super) fn finish(self) -> Result<(), Problem> {
        self.check_known()?;
        self.kind.map_or(Ok(()), |kind| Err(Problem::fields(kind, self.errors)))
    }

    fn check_known(&self) -> Result<(), Problem> {
        match self.map.keys().next() {
            Some(key) => Err(Problem::new(
                Kind::UnknownField,
                format!("`{}` is not a field: leave it out", self.path_of(&short(key))),
            )),
            None => Ok(()),
        }
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) }
    }
}

impl From<&Fault> for Kind {
    fn from(fault: &Fault) -> Self {
        match fault {
            Fault::MessageEmpty => Self::MessageEmpty,
            Fault::MessageTooLong(_) => Self::MessageTooLong,
            Fault::ControlCharacter(_) => Self::ControlCharacter,
            Fault::UnknownChain(_) => Self::UnknownChain,
            Fault::InvalidAddress | Fault::ZeroAddress => Self::InvalidAddress,
            Fault::BadChecksum => Self::BadChecksum,
        }
    }
}
