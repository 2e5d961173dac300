//! The API against its own document: Schemathesis makes requests of `/openapi.json`, good ones and bad ones, and judges
//! the answers, with two partners' keys.
//!
//! What comes in: the serving binary, and the tool as `make schemathesis` installs it. What goes out: what the tool found.
//! What it refuses to know: what it tries.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::place::{Names, Place};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/attack/schemathesis");

/// Where `make schemathesis` puts the tool: beside what is built.
const INSTALLED: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/../schemathesis/bin/schemathesis");

/// The variable that names another one.
const NAMED: &str = "GRIMOIRE_SCHEMATHESIS";

/// Tries of each route in each phase; about half a minute.
const TRIES: &str = "60";

/// Longer than it may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

#[test]
fn the_api_is_as_its_document_says() {
    let tool = env::var_os(NAMED).map_or_else(|| PathBuf::from(INSTALLED), PathBuf::from);
    assert!(tool.exists(), "{} is not there: `make schemathesis` installs it", tool.display());
    let place = Place::open(&[("GRIMOIRE_KEYS_FAILURES".into(), "1000000".into())]);
    let folder = place.server.folder.path();
    fs::write(folder.join("auth.json"), keys(&place)).expect("the folder is there");
    let report = fs::File::create(folder.join("report.txt")).expect("the folder is there");
    let child = Command::new(&tool)
        .args(["--config-file", &format!("{FOLDER}/schemathesis.toml"), "run"])
        .arg(format!("http://{}/openapi.json", place.server.at))
        .args(["--checks", "all", "--max-examples", TRIES, "--no-color", "--output-truncate", "false"])
        .env("GRIMOIRE_AUTH", folder.join("auth.json"))
        .env("GRIMOIRE_HOOKS", format!("{FOLDER}/hooks.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(report.try_clone().expect("a file"))
        .stderr(report)
        .spawn()
        .unwrap_or_else(|e| panic!("{}: {e}", tool.display()));
    let good = ended_well(child);
    let report = fs::read_to_string(folder.join("report.txt")).unwrap_or_default();
    assert!(good, "{report}");
    assert!(tried(&report) >= 500, "too little was tried: {report}");
    println!("{}", report.lines().find(|line| line.contains(" generated")).unwrap_or_default());
    let log = log_of(&place);
    assert!(!log.contains("panicked") && !log.contains(" ERROR "), "{log}");
}

/// The two partners' keys, as the tool takes them.
fn keys(place: &Place) -> String {
    let names = Names::new(place);
    let user = |name: &str, key: &str| json!({"name": name, "fixedHeaders": [{"name": "x-api-key", "value": names.value(key)}]});
    json!({"auth": [user("demo", "KEY_A"), user("other", "KEY_B")]}).to_string()
}

/// Waits for the tool; one that does not end is ended.
fn ended_well(mut child: Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.success();
        }
        thread::sleep(Duration::from_millis(100));
    }
    _ = child.kill();
    _ = child.wait();
    false
}

/// How many requests the tool says it made.
fn tried(report: &str) -> usize {
    let line = report.lines().find(|line| line.contains(" generated")).unwrap_or_default();
    line.split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn log_of(place: &Place) -> String {
    place.server.get("/healthz/last");
    place.server.talk_with("/healthz/last")
}

/// What is pinned is what is installed: a program that another version brings would judge otherwise.
#[test]
fn the_tool_is_pinned() {
    let pinned = fs::read_to_string(Path::new(FOLDER).join("requirements.txt")).expect("the file is there");
    let loose = pinned.lines().filter(|line| !line.starts_with('#')).find(|line| !line.contains("=="));
    assert_eq!(loose, None);
    assert!(pinned.contains("\nschemathesis=="), "{pinned}");
}
