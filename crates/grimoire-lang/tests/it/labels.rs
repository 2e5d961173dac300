//! Every line of the crate's own corpus is answered as it is labelled.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::engine::LEXICON;

fn own() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let files = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    files
        .flat_map(|f| {
            let text = std::fs::read_to_string(f).expect("readable");
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .filter(|line| line.contains("\"message\"") && !line.contains("\"turns\""))
        .collect()
}

/// Whether an answer is as labelled: a label's actions name what matters, and all of it must be there.
fn as_labelled(got: &Value, expect: &Value) -> bool {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let (wanted, actions) = (list(&expect["actions"]), list(&got["actions"]));
    got["outcome"] == expect["outcome"]
        && (expect["fields"].is_null() || got["fields"] == expect["fields"])
        && wanted.len() == actions.len()
        && wanted.iter().zip(&actions).all(|(want, have)| {
            want.as_object().into_iter().flatten().all(|(key, value)| have[key] == *value)
        })
}

#[test]
fn the_own_corpus_is_answered_as_labelled() {
    let mut wrong = Vec::new();
    let lines = own();
    for line in &lines {
        let want: Value = serde_json::from_str(line).expect("a corpus line");
        let got = grimoire_lang::jsonl::answer(line, &LEXICON).expect("an answer");
        let got: Value = serde_json::from_str(&got).expect("our own answer");
        if !as_labelled(&got, &want["expect"]) {
            wrong.push(format!("{line}\n  have {got}"));
        }
    }
    assert!(lines.len() >= 200, "only {} lines", lines.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_line_of_the_own_corpus_is_there_twice() {
    let (mut ids, mut said) = (BTreeSet::new(), BTreeSet::new());
    for line in own() {
        let line: Value = serde_json::from_str(&line).expect("a corpus line");
        assert!(ids.insert(line["id"].to_string()), "{} is there twice", line["id"]);
        let words = format!("{} {}", line["chain"], line["message"]);
        assert!(said.insert(words.clone()), "{words} is there twice");
    }
}
