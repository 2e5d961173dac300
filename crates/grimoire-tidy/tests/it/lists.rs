//! Adding one thing is its folder and one line: folders and lists agree.

use std::{collections::BTreeSet, fs};

use grimoire_tidy::{files, root};

fn folders(path: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(path)).expect("the folder exists");
    let dirs = entries.flatten().filter(|e| e.path().is_dir());
    dirs.map(|e| e.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_venue_folder_is_listed_and_has_its_data() {
    let venues = folders("crates/grimoire-core/src/venue");
    let list = fs::read_to_string(root().join("crates/grimoire-core/src/venue/mod.rs")).expect("the list");
    let line = list.split("pub const VENUES").nth(1).and_then(|t| t.split(';').next()).expect("VENUES");
    for slug in &venues {
        assert!(line.contains(&format!("{slug}::")), "{slug} is not in VENUES");
        let data = root().join(format!("crates/grimoire-registry/data/venues/{slug}.toml"));
        assert!(data.exists(), "{slug} has no data file");
    }
    assert_eq!(line.matches("::").count(), venues.len(), "VENUES lists a folder that is not there");
}

#[test]
fn every_data_file_of_the_registry_is_read() {
    let code: String =
        files("crates/grimoire-registry/src", &[".rs"]).into_iter().map(|(_, text)| text).collect();
    for (file, _) in files("crates/grimoire-registry/data", &[".toml"]) {
        let inner = file.split("grimoire-registry/").nth(1).expect("inside the crate");
        assert!(code.contains(inner), "{inner} is never read");
    }
}

#[test]
fn every_data_file_of_the_language_is_read() {
    let code: String =
        files("crates/grimoire-lang/src", &[".rs"]).into_iter().map(|(_, text)| text).collect();
    for (file, _) in files("crates/grimoire-lang/src", &[".toml"]) {
        let name = file.rsplit('/').next().expect("a name");
        let listed = format!("\"{}\"", name.trim_end_matches(".toml"));
        assert!(code.contains(name) || code.contains(&listed), "{file} is never read");
    }
}
