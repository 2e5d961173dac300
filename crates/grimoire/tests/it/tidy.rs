//! The rules of the source that a reader relies on.

use std::{
    fs,
    path::{Path, PathBuf},
};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let deeper = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(deeper).collect()
}

/// Every source file with its path below `src`.
fn files() -> Vec<(String, String)> {
    let name = |path: &Path| path.strip_prefix(SRC).expect("below src").display().to_string();
    let read = |path: PathBuf| (name(&path), fs::read_to_string(&path).expect("readable"));
    sources(Path::new(SRC)).into_iter().map(read).collect()
}

/// The modules of the crate that a file names in its paths.
fn named<'a>(text: &'a str, modules: &'a [String]) -> impl Iterator<Item = usize> + 'a {
    let listed = |m: &String| {
        let grouped = text.split("use crate::{").skip(1).filter_map(|rest| rest.split_once("};"));
        let in_group = grouped.map(|(group, _)| group).any(|group| {
            group.lines().flat_map(|line| line.split(", ")).any(|item| {
                let item = item.trim().trim_end_matches(',');
                item == m || item.starts_with(&format!("{m}::"))
            })
        });
        in_group || text.contains(&format!("crate::{m}::")) || text.contains(&format!("crate::{m};"))
    };
    modules.iter().enumerate().filter(move |(_, m)| listed(m)).map(|(i, _)| i)
}

#[test]
fn a_module_imports_only_those_declared_above_it() {
    let root = fs::read_to_string(format!("{SRC}/lib.rs")).expect("readable");
    let modules: Vec<String> = root
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned))
        .collect();
    assert!(modules.len() > 5, "the crate root declares its modules");
    let mut imports = 0;
    for (name, text) in files() {
        let own = name.split(['/', '.']).next().expect("a first part");
        let Some(place) = modules.iter().position(|m| m == own) else { continue };
        for import in named(&text, &modules) {
            imports += 1;
            assert!(import <= place, "{name} imports {}, which stands below {own}", modules[import]);
        }
    }
    assert!(imports > 20, "the test sees imports: {imports}");
}

#[test]
fn only_the_services_know_the_store() {
    for (name, text) in
        files().into_iter().filter(|(name, _)| name.starts_with("http/") || name.starts_with("cli/"))
    {
        let uses = text.matches("store::").count();
        let allowed = usize::from(name == "http/problem.rs" && text.contains("store::StoreError"));
        assert_eq!(uses, allowed, "{name} names the store");
    }
}

#[test]
fn only_one_file_names_failure_statuses() {
    let success = ["OK", "NOT_MODIFIED"];
    for (name, text) in files().into_iter().filter(|(name, _)| name != "http/problem.rs") {
        for rest in text.split("StatusCode::").skip(1) {
            let status = rest.split(|c: char| !c.is_ascii_uppercase() && c != '_').next().expect("a word");
            assert!(success.contains(&status), "{name} names {status}");
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for (name, text) in files() {
        assert!(text.lines().count() < 260, "{name} has {} lines", text.lines().count());
        assert!(text.starts_with("//! "), "{name} opens with what it is");
    }
}
