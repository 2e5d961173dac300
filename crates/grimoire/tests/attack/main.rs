//! Hostile requests, as cases: what is sent, and what must come of it.
//!
//! Our own cases stand in `cases/<area>.jsonl`. A further file, in the words of another collection, is played as well
//! where `GRIMOIRE_ATTACKS` names one; `vocabulary` translates it.
#![expect(clippy::print_stdout, reason = "whoever runs it sees what was played")]

#[path = "../common/wire.rs"]
#[expect(dead_code, reason = "other test programs use more of it")]
mod wire;
#[path = "../common/program.rs"]
#[expect(dead_code, reason = "other test programs use more of it")]
mod program;

mod case;
mod call;
mod line;
mod stream;
mod plan;
mod judge;
mod place;
mod play;
mod sentences;
mod vocabulary;
mod random;
mod values;
mod mutant;
mod flood;
mod contract;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;

use case::Case;
use place::Place;
use vocabulary::Translated;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/attack/cases");

/// The variable that names a further file.
const FURTHER: &str = "GRIMOIRE_ATTACKS";

/// The variable that names the beginning of the ids that are played; all where it is not set.
const ONLY: &str = "GRIMOIRE_ATTACK";

/// How many cases of our own there are at least.
const OWN: usize = 150;

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    text.lines().filter(|line| !line.is_empty()).map(read).collect()
}

/// Our own cases, by id.
fn own() -> BTreeMap<String, Case> {
    let mut files: Vec<_> = fs::read_dir(CASES).expect("the folder is there").flatten().collect();
    files.sort_by_key(fs::DirEntry::path);
    let mut cases = BTreeMap::new();
    for value in files.iter().flat_map(|file| lines(&file.path())) {
        let case = Case::read(&value).expect("a case of ours is well formed");
        let known = cases.insert(case.id.clone(), case);
        assert!(known.is_none(), "{:?} stands twice", known.map(|case| case.id));
    }
    cases
}

/// How many cases are played at once.
const AT_ONCE: usize = 4;

/// A case that is played, and for which line of which file.
struct Job {
    name: String,
    case: Case,
    /// What another collection expects.
    note: String,
}

/// Plays cases, several at once; those with settings of their own on a server of their own.
fn play_all(jobs: &[Job], common: &Place) -> Vec<String> {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let settings = &job.case.settings;
                    let own = (!settings.is_empty()).then(|| Place::open(settings));
                    let place = own.as_ref().unwrap_or(common);
                    // A case of another collection may name what nothing here stands for.
                    let played = catch_unwind(AssertUnwindSafe(|| play::play(&job.case, place)));
                    let wrong = played.unwrap_or_else(|_| vec!["it cannot be played: see above".into()]);
                    let told = wrong.into_iter().map(|why| format!("{}: {why}{}", job.name, job.note));
                    failed.lock().expect("no panic holds it").extend(told);
                }
            });
        }
    });
    let mut failed = failed.into_inner().expect("no panic holds it");
    failed.sort();
    failed
}

/// What stands in a log and must not: panics, keys, what was said.
fn leaks(place: &Place) -> Vec<String> {
    place.server.get("/healthz/last");
    let log = place.server.talk_with("/healthz/last");
    let secret = place.server.key.rsplit('_').next().unwrap_or_default().to_owned();
    let leak = |line: &&str| {
        let own = line.contains("shown this once");
        line.contains("panicked") || (line.contains(&secret) && !own) || line.contains("swap 1 ETH")
    };
    log.lines().filter(leak).map(|line| format!("the log says: {line}")).collect()
}

#[test]
fn every_case_holds() {
    let own = own();
    assert!(own.len() >= OWN, "there are {} cases", own.len());
    println!("{} cases of our own in {} areas", own.len(), areas(own.values().map(|case| &*case.area)));
    let job = |case: &Case| Job { name: case.id.clone(), case: case.clone(), note: String::new() };
    let mut jobs: Vec<Job> = own.values().map(job).collect();
    if let Some(file) = std::env::var_os(FURTHER) {
        jobs.extend(further(Path::new(&file), &own));
    }
    if let Ok(only) = std::env::var(ONLY) {
        jobs.retain(|job| job.name.starts_with(&only));
        assert!(!jobs.is_empty(), "no case begins with {only}");
    }
    let common = Place::open(&[]);
    let mut failed = play_all(&jobs, &common);
    failed.extend(leaks(&common));
    assert!(failed.is_empty(), "{} do not hold:\n{}", failed.len(), failed.join("\n"));
}

/// The cases of a file of another collection; says what is skipped and what is not understood.
fn further(file: &Path, own: &BTreeMap<String, Case>) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut skipped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unmapped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for value in lines(file) {
        let name = value["id"].as_str().unwrap_or_default().to_owned();
        let (translated, strange) = vocabulary::translate(&value);
        let case = match translated {
            Translated::Case(case) => *case,
            Translated::Own(id) => own.get(id).unwrap_or_else(|| panic!("{id} is no case of ours")).clone(),
            Translated::Skipped(why) => {
                skipped.entry(why).or_default().push(name);
                continue;
            }
        };
        for sentence in strange {
            unmapped.entry(sentence).or_default().push(name.clone());
        }
        jobs.push(Job { name, case, note: format!("\n    expected {}", value["expected"]) });
    }
    println!("{}: {} played", file.display(), jobs.len());
    for (why, ids) in &skipped {
        println!("skipped {}, {why}: {}", ids.len(), ids.join(" "));
    }
    for (sentence, ids) in &unmapped {
        println!("no check for {sentence:?}: {}", ids.join(" "));
    }
    jobs
}

fn areas<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.collect::<BTreeSet<_>>().len()
}
