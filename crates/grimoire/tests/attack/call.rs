//! A request as a case writes it, made into bytes.
//!
//! What comes in: `{"method", "path", "auth", "headers", "body" | "raw" | "body_gen" | "wire", …}` and the values that
//! stand for `{{NAMES}}`. What goes out: bytes. What it refuses to know: what they are good for.

use serde_json::Value;

/// What a name stands for.
pub(crate) type Lookup<'a> = dyn Fn(&str) -> String + 'a;

/// A request, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) bytes: Vec<u8>,
    /// Whether its answer has no body.
    pub(crate) bodiless: bool,
    /// Whether nothing more comes after it.
    pub(crate) ends: bool,
}

/// Makes a request.
pub(crate) fn make(http: &Value, lookup: &Lookup<'_>) -> Call {
    let method = http["method"].as_str().unwrap_or("GET");
    let ends = http["ends"].as_bool().unwrap_or(false);
    if let Some(wire) = http["wire"].as_str() {
        let head = filled(wire, lookup);
        let body = http["body_gen"].as_str().map(generate).unwrap_or_default();
        return Call { bytes: [bytes_of(&head), body].concat(), bodiless: method == "HEAD", ends };
    }
    let body = body(http, lookup);
    let mut head = format!("{method} {} HTTP/1.1\r\n", filled(http["path"].as_str().unwrap_or("/"), lookup));
    let own = http["headers"].as_object();
    let named = |name: &str| own.is_some_and(|own| own.keys().any(|n| n.eq_ignore_ascii_case(name)));
    if !named("host") {
        head.push_str("host: test\r\n");
    }
    match http["auth"].as_str() {
        Some(who @ ("A" | "B")) if !named("x-api-key") => {
            head.push_str(&format!("x-api-key: {}\r\n", lookup(&format!("KEY_{who}"))));
        }
        _ => {}
    }
    if (method == "POST" || !body.is_empty()) && !named("content-type") {
        head.push_str("content-type: application/json\r\n");
    }
    for (name, value) in own.into_iter().flatten() {
        if let Some(value) = value.as_str() {
            head.push_str(&format!("{name}: {}\r\n", filled(value, lookup)));
        }
    }
    if let Some(lines) = http["lines"].as_str() {
        head.push_str(&format!("{}\r\n", filled(lines, lookup)));
    }
    if !named("content-length") && !named("transfer-encoding") && http["unmeasured"].is_null() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    Call { bytes: [bytes_of(&head), body].concat(), bodiless: method == "HEAD", ends }
}

fn body(http: &Value, lookup: &Lookup<'_>) -> Vec<u8> {
    if let Some(raw) = http["raw"].as_str() {
        return bytes_of(&filled(raw, lookup));
    }
    if let Some(expression) = http["body_gen"].as_str() {
        return generate(expression);
    }
    let Some(body) = http.get("body") else { return Vec::new() };
    let mut body = body.clone();
    let whose = if http["auth"] == "B" { "PARTNER_B" } else { "PARTNER_A" };
    let runs = http["path"] == "/v1/run";
    if let (true, Some(fields)) = (runs, body.as_object_mut()) {
        fields.entry("partner_id").or_insert_with(|| lookup(whose).into());
    }
    fill(&mut body, lookup);
    body.to_string().into_bytes()
}

/// Fills in every text of a document. A text that is nothing but a name of a number becomes that number.
fn fill(value: &mut Value, lookup: &Lookup<'_>) {
    match value {
        Value::String(text) if text.starts_with("{{V") && text.ends_with("}}") => {
            *value = filled(text, lookup).parse::<i64>().map_or(Value::Null, Value::from);
        }
        Value::String(text) => *text = filled(text, lookup),
        Value::Array(all) => all.iter_mut().for_each(|one| fill(one, lookup)),
        Value::Object(all) => all.values_mut().for_each(|one| fill(one, lookup)),
        _ => {}
    }
}

/// The text with what its `{{NAMES}}` stand for; names that are none stay.
pub(crate) fn filled(text: &str, lookup: &Lookup<'_>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        match after.split_once("}}") {
            Some((name, tail)) if is_name(name) => {
                out.push_str(&lookup(name));
                rest = tail;
            }
            _ => {
                out.push_str("{{");
                rest = after;
            }
        }
    }
    out + rest
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"_+-:".contains(&b))
}

/// Text as bytes; `\xNN` is the byte NN.
fn bytes_of(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        out.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.extend_from_slice(b"\\x");
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// Bytes by an expression such as `'{"a":'+repeat('[',3*1024)`.
fn generate(expression: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = expression.trim();
    while !rest.is_empty() {
        let (term, tail) = term(rest);
        out.extend(term);
        rest = tail.trim_start().trim_start_matches('+').trim_start();
    }
    out
}

fn term(text: &str) -> (Vec<u8>, &str) {
    if let Some(inner) = text.strip_prefix("repeat(") {
        let (what, tail) = quoted(inner);
        let (count, tail) = tail.trim_start_matches(',').split_once(')').expect("repeat ends with )");
        let count = count.split('*').map(|n| n.trim().parse::<usize>().expect("a number")).product();
        return (what.repeat(count), tail);
    }
    let (what, tail) = quoted(text);
    (what, tail)
}

fn quoted(text: &str) -> (Vec<u8>, &str) {
    let inner = text.strip_prefix('\'').unwrap_or_else(|| panic!("a quote stands before {text}"));
    let (what, tail) = inner.split_once('\'').expect("a quote ends");
    (bytes_of(what), tail)
}
