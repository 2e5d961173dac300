//! What every file keeps to.

use grimoire_tidy::{code, files};

const TEXTS: [&str; 9] = [".rs", ".toml", ".md", ".sol", ".mjs", ".sql", ".json", "Makefile", "run"];

#[test]
fn a_source_file_is_one_idea() {
    for (file, text) in files("crates", &[".rs"]) {
        let lines = text.lines().count();
        assert!(lines <= 400, "{file} has {lines} lines: two nouns in one file?");
        assert!(text.starts_with("//!"), "{file} does not say what it is");
    }
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = ["todo!(", "unimplemented!(", "#[ignore]", "allow(dead_code"];
    let notes = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()];
    for (file, text) in files(".", &[".rs", ".toml", ".md", ".sol", ".mjs", "Makefile"]) {
        for mark in marks.iter().filter(|_| !file.contains("grimoire-tidy")) {
            assert!(!code(&text).contains(mark), "{file}: {mark}");
        }
        for note in &notes {
            assert!(!text.split(|c: char| !c.is_alphanumeric()).any(|w| w == note), "{file}: {note}");
        }
    }
}

#[test]
fn files_end_with_one_line_break_and_carry_no_stray_blanks() {
    for (file, text) in files(".", &[".rs", ".toml", ".md", ".sol", ".mjs", ".sql", "Makefile"]) {
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{file} ends oddly");
        assert!(!text.lines().any(|l| l.ends_with([' ', '\t'])), "{file} has blanks at the end of a line");
    }
}

#[test]
fn no_file_names_a_package_registry_or_somebodys_machine() {
    let hosts = [
        ["registry.npm", "js.org"],
        ["crates", ".io/"],
        ["static.crates", ".io"],
        ["pypi", ".org"],
        ["deb.debian", ".org"],
    ];
    for (file, text) in files(".", &TEXTS) {
        for host in hosts.iter().map(|h| h.concat()) {
            assert!(!text.contains(&host), "{file} names {host}");
        }
        for path in [["/ro", "ot/"].concat(), ["/wo", "rk/"].concat(), ["/ho", "me/"].concat()] {
            assert!(!text.contains(&path), "{file} names {path}");
        }
    }
}
