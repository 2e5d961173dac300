//! Who may know whom.

use std::{collections::BTreeSet, process::Command};

use grimoire_tidy::{code, declared, files, imported, root, upward};

const CRATES: [&str; 5] =
    ["grimoire-lang", "grimoire-registry", "grimoire-core", "grimoire-sandbox", "grimoire"];

#[test]
fn a_module_imports_only_from_modules_declared_above_it() {
    let mut wrong = Vec::new();
    for name in CRATES {
        let source = format!("crates/{name}/src");
        let all = files(&source, &[".rs"]);
        let lib = all.iter().find(|(f, _)| f.ends_with("src/lib.rs")).expect("every crate has a lib.rs");
        wrong.extend(upward(&declared(&lib.1), &all, &source));
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_venue_never_imports_a_venue() {
    let below = "crates/grimoire-core/src/venue/";
    let all = files(below, &[".rs"]);
    let slugs: BTreeSet<&str> =
        all.iter().filter_map(|(f, _)| f.strip_prefix(below)?.split_once('/')).map(|(s, _)| s).collect();
    assert!(!slugs.is_empty());
    for (file, text) in &all {
        for slug in
            slugs.iter().filter(|s| !file.contains(&format!("/{s}/")) && !file.ends_with("venue/mod.rs"))
        {
            assert!(!code(text).contains(&format!("{slug}::")), "{file} names {slug}");
        }
    }
}

#[test]
fn http_and_cli_never_import_the_store() {
    for folder in ["crates/grimoire/src/http", "crates/grimoire/src/cli"] {
        for (file, text) in files(folder, &[".rs"]) {
            // The one table of failures must name the store's; nothing else may know there is a store.
            let text =
                if file.ends_with("problem.rs") { text.replace("store::StoreError", "") } else { text };
            assert!(!imported(&text).contains(&"store".to_owned()), "{file} imports the store");
        }
    }
}

#[test]
fn only_the_problem_module_names_failures() {
    let fine = ["OK", "CREATED", "NO_CONTENT", "NOT_MODIFIED"];
    for (file, text) in files("crates/grimoire/src", &[".rs"]) {
        if file.ends_with("http/problem.rs") {
            continue;
        }
        let code = code(&text);
        for (at, name) in code.match_indices("StatusCode::") {
            let status: String =
                code[at + name.len()..].chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            assert!(status.is_empty() || fine.contains(&status.as_str()), "{file} names {status}");
        }
    }
}

/// The crates another one is built from.
fn tree(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    names.lines().filter_map(|l| l.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_language_knows_no_chain_and_core_does_no_io() {
    let lang = tree("grimoire-lang");
    for stranger in ["alloy-primitives", "revm", "tokio", "grimoire-registry", "grimoire-core", "sqlx"] {
        assert!(!lang.contains(stranger), "grimoire-lang depends on {stranger}");
    }
    let core = tree("grimoire-core");
    for stranger in ["tokio", "hyper", "axum", "sqlx", "reqwest", "grimoire-sandbox", "grimoire"] {
        assert!(!core.contains(stranger), "grimoire-core depends on {stranger}");
    }
    assert!(core.contains("revm") && core.contains("grimoire-lang"), "the tree was read");
}

#[test]
fn there_is_one_version_of_the_evm_and_its_numbers() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("a lock file");
    for name in ["revm", "alloy-primitives", "alloy-sol-types"] {
        let rows = lock.lines().filter(|l| *l == format!("name = \"{name}\"")).count();
        assert_eq!(rows, 1, "{name}");
    }
}
