//! What docs/api.md shows is what happens: its commands are run in order, and their output is compared.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::program::Server;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md");

/// A fenced block: its language and its text.
struct Block {
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut parts = page.split("```");
    parts.next();
    let mut blocks = Vec::new();
    while let Some(part) = parts.next() {
        let (language, text) = part.split_once('\n').expect("a block has a first line");
        blocks.push(Block { language: language.into(), text: text.into() });
        parts.next();
    }
    blocks
}

/// Whether a text is what is shown, where `…` stands for anything.
fn fits(shown: &str, real: &str) -> bool {
    let pieces: Vec<&str> = shown.split('…').collect();
    let [first, .., last] = pieces.as_slice() else { return shown == real };
    let Some(rest) = real.strip_prefix(first) else { return false };
    let middle = &pieces[1..pieces.len() - 1];
    let rest = middle.iter().try_fold(rest, |rest, piece| rest.split_once(piece).map(|(_, rest)| rest));
    rest.is_some_and(|rest| rest.ends_with(last))
}

/// What of the shown JSON is not in the real one: everything shown must be there, more may be.
fn missing(shown: &Value, real: &Value, at: &str) -> Vec<String> {
    match (shown, real) {
        (Value::Object(shown), Value::Object(real)) => shown
            .iter()
            .flat_map(|(key, shown)| {
                missing(shown, real.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"))
            })
            .collect(),
        (Value::Array(shown), Value::Array(real)) => {
            let open = shown.last().is_some_and(|last| last == "…");
            let shown = &shown[..shown.len() - usize::from(open)];
            if real.len() < shown.len() || (!open && real.len() > shown.len()) {
                return vec![format!("{at}: {} shown, {} there", shown.len(), real.len())];
            }
            let pairs = shown.iter().zip(real).enumerate();
            pairs.flat_map(|(index, (shown, real))| missing(shown, real, &format!("{at}[{index}]"))).collect()
        }
        (Value::String(text), Value::String(real)) if fits(text, real) => Vec::new(),
        (shown, real) if shown == real => Vec::new(),
        (shown, real) => vec![format!("{at}: {shown} is shown, {real} is there")],
    }
}

/// Runs a block as a reader would paste it.
fn paste(server: &Server, session: &str, text: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_grimoire")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let script = text.replace("127.0.0.1:8080", &server.at.to_string());
    let mut command = Command::new("bash");
    command.args(["-euc", &script]).current_dir(server.folder.path());
    command.env("PATH", path).env("KEY", &server.key).env("SESSION", session);
    let output = command.output().expect("bash runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}\n{out}\n{err}");
    out.into_owned()
}

#[test]
fn the_page_shows_what_happens() {
    let page = fs::read_to_string(PAGE).expect("the page is there");
    let server = Server::start();
    let (mut session, mut output, mut compared) = (String::new(), String::new(), 0);
    for Block { language, text } in blocks(&page) {
        match language.as_str() {
            "sh" => {
                output = paste(&server, &session, &text);
                if let Some((_, behind)) = output.split_once("\"session_id\":\"") {
                    behind.split_once('"').expect("a string ends").0.clone_into(&mut session);
                }
            }
            "json" => {
                let shown: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
                let real: Value = serde_json::from_str(&output).unwrap_or_else(|e| panic!("{e}: {output}"));
                let missing = missing(&shown, &real, "");
                assert!(missing.is_empty(), "{missing:#?}\n{output}");
                compared += 1;
            }
            "text" => {
                let (shown, real) = (text.trim_end(), output.trim_end());
                let same = shown.lines().count() == real.lines().count()
                    && shown.lines().zip(real.lines()).all(|(shown, real)| fits(shown, real));
                assert!(same, "shown:\n{text}\nhave:\n{output}");
                compared += 1;
            }
            other => panic!("a block is sh, json or text, not {other:?}: {text}"),
        }
    }
    assert!(compared >= 9, "only {compared} outputs are shown");
}

#[test]
fn what_is_left_out_may_be_anything() {
    for (shown, real) in
        [("a…", "abc"), ("…c", "abc"), ("a…c", "abc"), ("a…b…c", "axbxc"), ("…", ""), ("ab", "ab")]
    {
        assert!(fits(shown, real), "{shown} {real}");
    }
    for (shown, real) in [("a…", "bc"), ("a…c", "ab"), ("ab…bc", "abc"), ("a…b…c", "axc"), ("ab", "abc")]
    {
        assert!(!fits(shown, real), "{shown} {real}");
    }
}
