//! Twenty thousand bad requests on several connections at once: none breaks anything.
//!
//! What comes in: mutants by number. What goes out: whatever an answer has that it must not have. What it refuses to know:
//! which mutants there are.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    judge,
    line::{Answer, Heard, Line},
    mutant::{self, Mutant, Targets},
    place::{Names, Place},
    random::Random,
};

const SEED: u64 = 0x6772_696d;
const MUTANTS: usize = 20_000;
const CONNECTIONS: usize = 8;

/// The variable that sets the seed, and the one that sets how many there are.
const SEEDED: &str = "GRIMOIRE_FLOOD_SEED";
const COUNTED: &str = "GRIMOIRE_FLOOD_COUNT";

/// Longer than the server may take to answer or to give up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Timeouts that the patience is longer than; and limits that the flood is not to be stopped by.
const SETTINGS: [(&str, &str); 6] = [
    ("GRIMOIRE_HTTP_HEAD_TIMEOUT", "2s"),
    ("GRIMOIRE_HTTP_BODY_TIMEOUT", "2s"),
    ("GRIMOIRE_KEYS_FAILURES", "1000000"),
    ("GRIMOIRE_KEYS_REQUESTS", "10000000"),
    ("GRIMOIRE_SESSION_MAX_TURNS", "1000000"),
    ("GRIMOIRE_TURNS_WAIT", "1h"),
];

fn set(name: &str, or: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or)
}

#[test]
fn bad_requests_break_nothing() {
    let settings: Vec<_> = SETTINGS.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let place = Place::open(&settings);
    let names = Names::new(&place);
    let sessions = ["SID_A", "SID_B", "SID_READY", "NOBODY"].map(|name| names.value(name)).into();
    let targets = Targets { key: place.server.key.clone(), sessions };
    let seed = set(SEEDED, SEED);
    let count = usize::try_from(set(COUNTED, MUTANTS as u64)).expect("a number");
    let (next, failed, seen) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new([0_usize; 6]));
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut line = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let mutant = mutant::mutant(&mut Random::new(seed, number), &targets);
                    let found = send(&mut line, &place, &mutant);
                    let mut seen = seen.lock().expect("no panic holds it");
                    found.answers.iter().for_each(|status| seen[usize::from(status / 100)] += 1);
                    seen[0] += usize::from(found.answers.is_empty());
                    let shown: String = String::from_utf8_lossy(&mutant.bytes).chars().take(300).collect();
                    let told =
                        found.wrong.into_iter().map(|why| format!("{number}: {why}\n    of {shown:?}"));
                    failed.lock().expect("no panic holds it").extend(told);
                }
            });
        }
    });
    let mut failed = failed.into_inner().expect("no panic holds it");
    println!(
        "{count} bad requests in {:?}; unanswered, 1xx, 2xx, 3xx, 4xx, 5xx: {:?}",
        begun.elapsed(),
        seen.into_inner().expect("no panic holds it")
    );
    failed.extend(afterwards(&place));
    assert!(failed.is_empty(), "{} are wrong (seed {seed}):\n{}", failed.len(), failed.join("\n"));
}

struct Found {
    answers: Vec<u16>,
    wrong: Vec<String>,
}

/// Sends a mutant, on the connection that there is where it is still good.
fn send(line: &mut Option<Line>, place: &Place, mutant: &Mutant) -> Found {
    // What may be no request is sent on a connection of its own.
    let mut own = match (mutant.answers, line.take()) {
        (Some(_), Some(line)) => line,
        _ => Line::open(place.server.at),
    };
    own.send(&mutant.bytes);
    if mutant.answers.is_none() && !mutant.lingers {
        own.finish();
    }
    let mut found = Found { answers: Vec::new(), wrong: Vec::new() };
    loop {
        // What follows a request may be taken for another one, whose answer has a body.
        let bodiless = mutant.bodiless && found.answers.is_empty();
        match own.hear(bodiless, PATIENCE) {
            Heard::Answer(answer) => {
                found.wrong.extend(misfit(&answer, bodiless));
                found.answers.push(answer.status);
                // A head that could not be read is answered with a body, also where it was to be a HEAD's.
                if bodiless && answer.header("connection") == Some("close") {
                    return found;
                }
                if mutant.answers == Some(found.answers.len()) {
                    if answer.header("connection") != Some("close") {
                        *line = Some(own);
                    }
                    return found;
                }
            }
            Heard::Closed => {
                if mutant.answers.is_some() {
                    found.wrong.push("a whole request was not answered".into());
                }
                return found;
            }
            Heard::Silence => {
                found.wrong.push("neither answered nor closed in time".into());
                return found;
            }
            Heard::Nonsense(why) => {
                // A stream to a client that has said it is done may be cut.
                if mutant.answers.is_some() || !why.contains("text/event-stream") {
                    found.wrong.push(why);
                }
                return found;
            }
        }
    }
}

fn misfit(answer: &Answer, bodiless: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if answer.status >= 500 {
        wrong.push(format!("{} {}", answer.status, answer.text()));
    }
    if answer.header("x-request-id").is_none() {
        wrong.push(format!("{} has no name", answer.status));
    }
    if answer.status >= 400 && !bodiless {
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        wrong.extend(judge::malformed(answer, &document));
    }
    wrong
}

/// What is wrong once all is over: a good request is served, nothing is left over, the log has no failure.
fn afterwards(place: &Place) -> Vec<String> {
    let mut wrong = Vec::new();
    let answer = place.begin(&place.server.key, "demo", "Swap 100 USDC to ETH on Uniswap");
    if answer["state"] != "PREVIEW_READY" {
        wrong.push(format!("a good request is not served: {answer}"));
    }
    let metrics = || place.server.get("/metrics").body;
    let rests =
        |text: &str| text.contains("_requests_under_way 0\n") && text.contains("_turns_under_way 0\n");
    if !(0..5_000).any(|_| rests(&metrics())) {
        wrong.push(format!("something is under way for ever: {}", metrics()));
    }
    place.server.get("/healthz/last");
    let log = place.server.talk_with("/healthz/last");
    let failure = |line: &&str| line.contains("panicked") || line.contains(" ERROR ");
    wrong.extend(log.lines().filter(failure).map(|line| format!("the log says: {line}")));
    wrong
}
