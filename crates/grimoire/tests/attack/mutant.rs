//! Bad requests without end: good ones of every route, spoilt somewhere.
//!
//! What comes in: choices. What goes out: bytes, and how many answers they must get. What it refuses to know: what
//! the answers say.

use serde_json::Value;

use crate::{random::Random, values};

/// What stands for a session of one's own, another's, and nobody's.
pub(crate) struct Targets {
    pub(crate) key: String,
    pub(crate) sessions: Vec<String>,
}

/// A request, spoilt.
#[derive(Debug)]
pub(crate) struct Mutant {
    pub(crate) bytes: Vec<u8>,
    /// How many answers there must be; nothing where the bytes may be no request, or less than one.
    pub(crate) answers: Option<usize>,
    /// Whether its answer has no body.
    pub(crate) bodiless: bool,
    /// Whether the sender stays silent after it, as long as the server waits.
    pub(crate) lingers: bool,
}

/// A request in parts.
struct Parts {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Whether the body's length is told, so that exactly one answer must come.
    measured: bool,
}

/// The mutant of these choices.
pub(crate) fn mutant(random: &mut Random, targets: &Targets) -> Mutant {
    let mut parts = good(random, targets);
    for _ in 0..=random.below(2) {
        match random.below(10) {
            0..=3 => spoil_body(random, &mut parts),
            4..=5 => spoil_header(random, &mut parts),
            6 => spoil_path(random, &mut parts),
            7 => parts.method = (*random.pick(&METHODS)).into(),
            8 => spoil_key(random, &mut parts),
            _ => {}
        }
    }
    let bodiless = parts.method == "HEAD";
    let (bytes, whole) = written(random, &parts);
    let once = Mutant { bytes, answers: whole.then_some(1), bodiless, lingers: false };
    match random.below(24) {
        // Whether the answer to half a request has a body is not known.
        0 if !bodiless => cut(random, once),
        1 if !bodiless => flipped(random, once),
        2 if whole && !bodiless => pipelined(random, once, targets),
        _ => once,
    }
}

const METHODS: [&str; 12] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY", "get", "POSTPOST",
    "M-SEARCH",
];

fn good(random: &mut Random, targets: &Targets) -> Parts {
    let session = random.pick(&targets.sessions).clone();
    let (method, path, body) = match random.below(16) {
        0 => ("GET", "/v1/catalog".to_owned(), None),
        1 => ("GET", format!("/v1/session/{session}"), None),
        2 => ("GET", format!("/v1/session/{session}/events"), None),
        3 => (
            "GET",
            (*random.pick(&["/healthz", "/readyz", "/metrics", "/openapi.json", "/", "/v1"])).into(),
            None,
        ),
        4..=9 => ("POST", "/v1/run".to_owned(), Some(values::run(random))),
        _ => ("POST", format!("/v1/session/{session}"), Some(values::turn(random))),
    };
    let mut headers =
        vec![("host".to_owned(), "test".to_owned()), ("x-api-key".to_owned(), targets.key.clone())];
    if body.is_some() {
        headers.push(("content-type".into(), "application/json".into()));
    }
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Parts { method: method.into(), path, headers, body, measured: true }
}

fn spoil_body(random: &mut Random, parts: &mut Parts) {
    let body: Option<Value> = serde_json::from_slice(&parts.body).ok();
    match (random.below(6), body) {
        (0..=3, Some(Value::Object(fields))) if !fields.is_empty() => {
            let at = random.below(fields.len());
            let mut pairs: Vec<(String, String)> =
                fields.into_iter().map(|(name, value)| (name, value.to_string())).collect();
            match random.below(5) {
                0 => _ = pairs.remove(at),
                1 => pairs[at].0 = values::text(random),
                2 => pairs.push((pairs[at].0.clone(), values::written(random))),
                3 => pairs.push((values::text(random), values::written(random))),
                _ => pairs[at].1 = values::written(random),
            }
            let named = |(name, value): &(String, String)| format!("{}:{value}", Value::String(name.clone()));
            let inner: Vec<String> = pairs.iter().map(named).collect();
            parts.body = format!("{{{}}}", inner.join(",")).into_bytes();
        }
        (4, _) => parts.body = values::written(random).into_bytes(),
        _ => spoil_bytes(random, &mut parts.body),
    }
}

fn spoil_bytes(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 => bytes.insert(at, random.byte()),
            1 => bytes.truncate(at),
            2 if at < bytes.len() => bytes[at] = random.byte(),
            3 if at < bytes.len() => _ = bytes.remove(at),
            _ => bytes.extend(std::iter::repeat_n(random.byte(), random.below(70_000))),
        }
    }
}

const HEADERS: [&str; 18] = [
    "content-type",
    "content-encoding",
    "accept",
    "accept-encoding",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "x-api-key",
    "x-request-id",
    "origin",
    "expect",
    "range",
    "cookie",
    "x-forwarded-for",
    "te",
    "connection",
    "authorization",
];

const CONTENTS: [&str; 16] = [
    "",
    "application/json",
    "text/plain",
    "gzip",
    "*",
    "\"1\"",
    "W/\"1\"",
    "0",
    "-1",
    "9223372036854775808",
    "100-continue",
    "bytes=0-",
    "close",
    "keep-alive, upgrade",
    "trailers",
    "application/json; charset=utf-16",
];

fn spoil_header(random: &mut Random, parts: &mut Parts) {
    let content = match random.below(4) {
        0 => values::text(random).chars().filter(|c| !c.is_control()).collect(),
        1 => "v".repeat(random.below(14_000)),
        _ => (*random.pick(&CONTENTS)).to_owned(),
    };
    match random.below(4) {
        0 if parts.headers.len() > 1 => _ = parts.headers.remove(1 + random.below(parts.headers.len() - 1)),
        1 => (0..random.below(120)).for_each(|n| parts.headers.push((format!("x-{n}"), content.clone()))),
        _ => parts.headers.push(((*random.pick(&HEADERS)).into(), content)),
    }
}

fn spoil_key(random: &mut Random, parts: &mut Parts) {
    for (name, value) in &mut parts.headers {
        if name == "x-api-key" && !value.is_empty() && value.is_ascii() {
            let at = random.below(value.len());
            let (before, after) = value.split_at(at);
            *value = format!(
                "{before}{}{}",
                random.pick(&["", "0", "_", "Z"]),
                after.get(1..).unwrap_or_default()
            );
        }
    }
}

const PATHS: [&str; 12] = [
    "%00",
    "%",
    "%zz",
    "%2e%2e%2f",
    "//",
    "/..",
    "?run=x",
    "?run=-1&run=2",
    "#x",
    "%ff",
    ";a=b",
    "?x-api-key=",
];

fn spoil_path(random: &mut Random, parts: &mut Parts) {
    match random.below(4) {
        0 => parts.path.insert_str(random.below(parts.path.len()), PATHS[random.below(PATHS.len())]),
        1 => parts.path.push_str(&"a".repeat(random.below(9_000))),
        2 => _ = parts.path.pop(),
        _ => parts.path.push_str(PATHS[random.below(PATHS.len())]),
    }
}

/// The request as bytes, and whether it is surely one whole request.
fn written(random: &mut Random, parts: &Parts) -> (Vec<u8>, bool) {
    let mut head = format!("{} {} HTTP/1.1\r\n", parts.method, parts.path).into_bytes();
    for (name, value) in &parts.headers {
        head.extend(format!("{name}: {value}\r\n").into_bytes());
    }
    let length = parts.body.len();
    match random.below(20) {
        0 => {
            // A length that is not the body's.
            head.extend(format!("content-length: {}\r\n\r\n", random.below(length + 50)).into_bytes());
            ([head, parts.body.clone()].concat(), false)
        }
        1 => {
            let both =
                if random.once_in(3) { format!("content-length: {length}\r\n") } else { String::new() };
            head.extend(format!("{both}transfer-encoding: chunked\r\n\r\n").into_bytes());
            ([head, chunked(random, &parts.body)].concat(), false)
        }
        _ => {
            head.extend(format!("content-length: {length}\r\n\r\n").into_bytes());
            ([head, parts.body.clone()].concat(), parts.measured)
        }
    }
}

fn chunked(random: &mut Random, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let (chunk, tail) = rest.split_at(1 + random.below(rest.len()));
        let told = if random.once_in(12) { chunk.len() + random.below(5) } else { chunk.len() };
        out.extend(format!("{told:x}\r\n").into_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
        rest = tail;
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

/// Only its beginning.
fn cut(random: &mut Random, mut whole: Mutant) -> Mutant {
    whole.bytes.truncate(random.below(whole.bytes.len()));
    Mutant { answers: None, lingers: random.once_in(20), ..whole }
}

/// Some bytes of the head are others.
fn flipped(random: &mut Random, mut whole: Mutant) -> Mutant {
    for _ in 0..=random.below(4) {
        let end = whole.bytes.len().min(200);
        whole.bytes[random.below(end)] = random.byte();
    }
    Mutant { answers: None, ..whole }
}

/// Several at one stroke: good ones around it.
fn pipelined(random: &mut Random, whole: Mutant, targets: &Targets) -> Mutant {
    let key = &targets.key;
    let good = format!("GET /v1/catalog HTTP/1.1\r\nhost: test\r\nx-api-key: {key}\r\n\r\n").into_bytes();
    let before = random.below(3);
    let bytes = [good.repeat(before), whole.bytes, good].concat();
    Mutant { bytes, answers: None, ..whole }
}
