//! The rules of the source that a reader relies on.

use std::fs;
use std::path::{Path, PathBuf};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    entries
        .flat_map(|p| if p.is_dir() { sources(&p) } else { vec![p] })
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .collect()
}

#[test]
fn a_module_imports_only_those_declared_above_it() {
    let root = fs::read_to_string(format!("{SRC}/lib.rs")).expect("readable");
    let declared = |line: &str| {
        line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    };
    let modules: Vec<String> = root.lines().filter_map(declared).collect();
    assert!(modules.len() > 20, "the crate root declares its modules");
    for file in sources(Path::new(SRC)) {
        let name = file.strip_prefix(SRC).expect("below src").display().to_string();
        let own = name.split(['/', '.']).next().expect("a first part").to_owned();
        let Some(place) = modules.iter().position(|m| *m == own) else { continue };
        let text = fs::read_to_string(&file).expect("readable");
        for (i, module) in modules.iter().enumerate() {
            if text.contains(&format!("crate::{module}::")) {
                assert!(i <= place, "{name} imports {module}, which stands below {own}");
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for file in sources(Path::new(SRC)) {
        let text = fs::read_to_string(&file).expect("readable");
        assert!(text.starts_with("//! "), "{} opens with what it is", file.display());
    }
}
