//! Reads the code base as text, for the tests that hold it to its rules.
//!
//! What comes in: the files git would track. What goes out: modules, their order and what they import. What it
//! refuses to know: types. The rules themselves are the tests beside this crate.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace folder exists")
}

/// Every file below a folder of the workspace with one of these endings, sorted; generated folders left out.
#[must_use]
pub fn files(below: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let mut open = vec![root.join(below)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "out", ".git"].contains(&name.as_str()) {
                    open.push(path);
                }
            } else if endings.iter().any(|e| name.ends_with(e))
                && let Ok(text) = fs::read_to_string(&path)
            {
                let short = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
                found.push((short, text));
            }
        }
    }
    found.sort();
    found
}

/// The code of a file: without comments, and without its test module.
#[must_use]
pub fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]").next().unwrap_or(text);
    let line = |l: &str| l.split("//").next().unwrap_or("").trim_end().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The modules a crate root declares, in order.
#[must_use]
pub fn declared(root_file: &str) -> Vec<String> {
    let name = |line: &str| {
        let rest = line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod "))?;
        rest.strip_suffix(';').map(str::to_owned)
    };
    code(root_file).lines().filter_map(name).collect()
}

/// The first path segments after `crate::` in a file, groups unfolded.
#[must_use]
pub fn imported(text: &str) -> Vec<String> {
    let code = code(text);
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            names.extend(group_heads(group));
        } else {
            names.push(head(rest));
        }
    }
    names
}

fn head(path: &str) -> String {
    path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The heads of the paths in `a::b, c::{d, e}, f}`.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut heads) = (0usize, 0usize, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(head(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(head(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    heads.retain(|h| !h.is_empty());
    heads
}

/// Imports of modules that are declared below the importing one: `(file, import)`.
#[must_use]
pub fn upward(order: &[String], files: &[(String, String)], source: &str) -> Vec<(String, String)> {
    let place = |name: &str| order.iter().position(|m| m == name);
    let mut wrong = Vec::new();
    for (file, text) in files {
        let Some(inner) = file.strip_prefix(source) else { continue };
        let module = inner.trim_start_matches('/').split(['/', '.']).next().unwrap_or_default();
        let Some(own) = place(module) else { continue };
        for import in imported(text) {
            if place(&import).is_none_or(|other| other > own) {
                wrong.push((file.clone(), import));
            }
        }
    }
    wrong
}
