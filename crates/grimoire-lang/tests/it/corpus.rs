//! The crate's own corpus.

use serde_json::Value;

use crate::support::LEXICON;

#[test]
fn the_own_corpus_is_answered_as_labelled() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let mut wrong = Vec::new();
    let mut lines = 0;
    for file in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("an entry").path()).expect("readable");
        for line in text.lines() {
            lines += 1;
            let want: Value = serde_json::from_str(line).expect("a corpus line");
            let got = grimoire_lang::jsonl::answer(line, &LEXICON).expect("an answer");
            let got: Value = serde_json::from_str(&got).expect("our own answer");
            let expect = &want["expect"];
            let same = got["outcome"] == expect["outcome"]
                && match expect["fields"].as_array() {
                    Some(fields) => got["fields"].as_array() == Some(fields),
                    None => {
                        expect["actions"].as_array().map(Vec::len) == got["actions"].as_array().map(Vec::len)
                            && expect["actions"]
                                .as_array()
                                .into_iter()
                                .flatten()
                                .zip(got["actions"].as_array().into_iter().flatten())
                                .all(|(a, b)| a.as_object().into_iter().flatten().all(|(k, v)| &b[k] == v))
                    }
                };
            if !same {
                wrong.push(format!("{line}\n  have {got}"));
            }
        }
    }
    assert!(lines >= 20, "only {lines} lines");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
