//! Plays a case: does its steps in order and judges each.
//!
//! What comes in: a case and the place it happens at. What goes out: everything that does not hold. What it refuses to
//! know: which cases there are.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    call::{self, Call},
    case::{Case, Deed, Expected, Step},
    judge::{self, Outcome},
    line::{Answer, Heard, Line},
    place::{Names, Place},
};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a connection that must be closed may stay open.
const CLOSING: Duration = Duration::from_secs(2);

/// Plays a case; gives what does not hold.
pub(crate) fn play(case: &Case, place: &Place) -> Vec<String> {
    let names = Names::new(place);
    let mut held = Vec::new();
    let mut wrong = Vec::new();
    for (number, step) in case.steps.iter().enumerate() {
        for time in 0..step.times {
            let found = take(step, place, &names, &mut held);
            if !found.is_empty() {
                let which = format!("step {}, time {}", number + 1, time + 1);
                wrong.extend(found.into_iter().map(|why| format!("{which}: {why}")));
                return wrong;
            }
        }
    }
    wrong
}

fn take(step: &Step, place: &Place, names: &Names<'_>, held: &mut Vec<Line>) -> Vec<String> {
    let lookup = |name: &str| names.value(name);
    match &step.deed {
        Deed::Send(http) => {
            let call = call::make(http, &lookup);
            let outcome = send(&call, http, &step.expected, place, names);
            if let Heard::Answer(answer) = &outcome.heard {
                for (name, at) in &step.keep {
                    names.keep(name, taken(answer, at));
                }
            }
            let checks = step.expected.must.iter().map(|check| call::filled(check, &lookup)).collect();
            judge::judge(&outcome, &Expected { must: checks, ..step.expected.clone() })
        }
        Deed::Hold(http) => {
            let call = call::make(http, &lookup);
            let mut line = Line::open(place.server.at);
            line.send(&call.bytes[..call.bytes.len() - 1]);
            held.push(line);
            // The server has taken it once it answers what came later.
            thread::sleep(Duration::from_millis(50));
            Vec::new()
        }
        Deed::Cut(http) => {
            let mut line = Line::open(place.server.at);
            line.send(&call::make(http, &lookup).bytes);
            Vec::new()
        }
        Deed::Command(args) => {
            let args: Vec<String> = args.iter().map(|arg| call::filled(arg, &lookup)).collect();
            let ended = place.server.command(&args.iter().map(String::as_str).collect::<Vec<_>>());
            for (name, _) in &step.keep {
                names.keep(name, ended.out.trim().to_owned());
            }
            if ended.code == Some(0) { Vec::new() } else { vec![format!("{args:?}: {}", ended.err)] }
        }
        Deed::Wait(millis) => {
            thread::sleep(Duration::from_millis(*millis));
            Vec::new()
        }
    }
}

/// What stands somewhere in an answer.
fn taken(answer: &Answer, at: &str) -> String {
    if let Some(name) = at.strip_prefix("header ") {
        return answer.header(name).unwrap_or_default().to_owned();
    }
    if at == "body" {
        return answer.text();
    }
    let document: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    match document.pointer(at) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn send(call: &Call, http: &Value, expected: &Expected, place: &Place, names: &Names<'_>) -> Outcome {
    let asks = |word: &str| expected.must.iter().any(|check| check.split(' ').next() == Some(word));
    let watched: Vec<(&str, String)> = [("A", "SID_A"), ("B", "SID_B"), ("A", "SID_READY")]
        .into_iter()
        .filter(|_| asks("unchanged"))
        .filter_map(|(whose, name)| Some((whose, names.known(name)?)))
        .collect();
    let look = |(whose, id): &(&str, String)| place.look(whose, id).json();
    let before: Vec<Value> = watched.iter().map(look).collect();
    let memory = if asks("grew") { place.memory() } else { 0 };
    let (heard, took, closed) = exchange(call, place, asks("closed"));
    let grew = if asks("grew") { place.memory().saturating_sub(memory) } else { 0 };
    let after = watched.iter().map(look);
    let twin = asks("alike").then(|| twin(http, place, names));
    let sent = String::from_utf8_lossy(&call.bytes).into_owned();
    Outcome {
        heard,
        bodiless: call.bodiless,
        took,
        closed,
        twin,
        sessions: before.into_iter().zip(after).collect(),
        grew,
        sent,
    }
}

/// One request on a connection of its own.
fn exchange(call: &Call, place: &Place, watch: bool) -> (Heard, Duration, bool) {
    let begun = Instant::now();
    let mut line = Line::open(place.server.at);
    line.send(&call.bytes);
    if call.ends {
        line.finish();
    }
    let heard = line.hear(call.bodiless, PATIENCE);
    let took = begun.elapsed();
    let closed = watch && (heard == Heard::Closed || line.is_closed(CLOSING));
    (heard, took, closed)
}

/// The answer to the same request, by nobody or to nobody's session.
fn twin(http: &Value, place: &Place, names: &Names<'_>) -> Answer {
    let mut http = http.clone();
    let foreign = http["path"].as_str().is_some_and(|path| path.contains("{{SID_B}}"));
    if foreign {
        let path = http["path"].as_str().unwrap_or_default().replace("{{SID_B}}", "{{NOBODY}}");
        http["path"] = path.into();
    } else {
        http["auth"] = "none".into();
        if let Some(headers) = http["headers"].as_object_mut() {
            headers.retain(|name, _| !name.eq_ignore_ascii_case("x-api-key"));
        }
    }
    let call = call::make(&http, &|name: &str| names.value(name));
    match exchange(&call, place, false).0 {
        Heard::Answer(answer) => answer,
        other => panic!("the twin was not answered: {other:?}"),
    }
}
