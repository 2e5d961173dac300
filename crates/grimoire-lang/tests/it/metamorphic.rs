//! Changes of wording that must change nothing, and insertions that must never pass unnoticed.

use crate::support::{examples, outcome, read, shared_corpus};

/// Sentences that come to a plan, with their chain and plan.
fn plans() -> Vec<(String, Option<String>, String)> {
    let own = examples().into_iter().map(|e| (e.say, e.chain));
    let all = own.chain(shared_corpus());
    let read = all.map(|(say, chain)| {
        let got = outcome(&read(&say, chain.as_deref()), chain.as_deref());
        (say, chain, got)
    });
    read.filter(|(_, _, got)| got.starts_with("plan")).collect()
}

fn unchanged(name: &str, change: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for (say, chain, want) in plans() {
        let changed = change(&say);
        let got = outcome(&read(&changed, chain.as_deref()), chain.as_deref());
        if got != want {
            wrong.push(format!("{changed}\n  want {want}\n  have {got}"));
        }
    }
    assert!(wrong.is_empty(), "{name} changed {}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn politeness_changes_nothing() {
    unchanged("please", |s| format!("please {s}"));
    unchanged("thanks", |s| format!("{s}, thanks"));
    unchanged("an emoji", |s| format!("{s} 🙏"));
}

#[test]
fn case_and_space_change_nothing() {
    // A checksum is case: only sentences without an address may be shouted.
    let plain = |s: &str| !s.contains("0x");
    unchanged("upper case", |s| if plain(s) { s.to_uppercase() } else { s.to_owned() });
    unchanged("lower case", |s| if plain(s) { s.to_lowercase() } else { s.to_owned() });
    unchanged("wide spaces", |s| s.replace(' ', "  "));
}

const SENSITIVE: &[&str] = &[
    "not", "except", "unless", "tomorrow", "half", "instead", "never", "don't", "without", "if", "when",
    "until", "daily", "weekly", "maybe", "only if", "twice", "double", "no", "or", "rest", "cancel", "later",
    "tonight", "stake", "claim", "short", "leverage", "minus", "stop", "reverse", "less", "more", "some",
];

#[test]
fn a_sensitive_word_never_leaves_a_changed_plan() {
    let mut wrong = Vec::new();
    for (k, (say, chain, want)) in plans().into_iter().enumerate() {
        let words: Vec<&str> = say.split(' ').collect();
        for (i, word) in SENSITIVE.iter().enumerate() {
            let at = (k * 7 + i * 3) % (words.len() + 1);
            let mut changed = words.clone();
            changed.insert(at, word);
            let changed = changed.join(" ");
            let got = outcome(&read(&changed, chain.as_deref()), chain.as_deref());
            // “half” and “rest” may become part of the amount: the plan must then say so.
            let aware = got != want && ["half", "rest", "or", "except", "minus", "less"].contains(word);
            if got.starts_with("plan") && !aware {
                wrong.push(format!("{changed}\n  have {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} passed:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_unknown_word_is_asked_about() {
    let mut wrong = Vec::new();
    for (k, (say, chain, _)) in plans().into_iter().enumerate() {
        let words: Vec<&str> = say.split(' ').collect();
        for (i, word) in ["blorptastic", "quuxly", "zzyzx"].iter().enumerate() {
            let at = (k * 5 + i * 4) % (words.len() + 1);
            let mut changed = words.clone();
            changed.insert(at, word);
            let changed = changed.join(" ");
            let got = outcome(&read(&changed, chain.as_deref()), chain.as_deref());
            if got.starts_with("plan") {
                wrong.push(format!("{changed}\n  have {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} passed:\n{}", wrong.len(), wrong.join("\n"));
}
