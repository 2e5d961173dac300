//! One lexicon over the registry's real names, and a compact notation for what a message came to.

use std::sync::LazyLock;

use grimoire_lang::vocabulary::Vocabulary;
use grimoire_lang::{Context, Intent, Lexicon, Outcome, Reading, Turn, understand};
use grimoire_registry::REGISTRY;

pub(crate) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| REGISTRY.vocabulary());
pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&VOCABULARY));

/// Reads one message.
pub(crate) fn read(message: &str, chain: Option<&str>) -> Reading {
    let context = Context { chain: chain.map(str::to_owned) };
    let turn = Turn { message: Some(message), answers: &[] };
    understand(&turn, None, &context, &LEXICON).expect("a message without answers has no answer errors")
}

/// A plan in the notation of the frame files; the context's chain is left out.
pub(crate) fn plan(intent: &Intent, chain: Option<&str>) -> String {
    let actions = intent.actions.iter().map(|a| {
        let shown = a.values.iter().filter(|(r, v)| r.as_str() != "chain" || Some(v.value.as_str()) != chain);
        let values: Vec<String> = shown.map(|(r, v)| format!(" {r}={}", v.value)).collect();
        format!("{}{}", a.kind, values.concat())
    });
    actions.collect::<Vec<_>>().join("; ")
}

/// An outcome in the notation of the frame files.
pub(crate) fn outcome(reading: &Reading, chain: Option<&str>) -> String {
    match &reading.outcome {
        Outcome::Plan(intent) => format!("plan {}", plan(intent, chain)),
        Outcome::Ask(questions) => {
            let mut fields: Vec<&str> = Vec::new();
            for question in questions {
                if !fields.contains(&question.field.as_str()) {
                    fields.push(question.field.as_str());
                }
            }
            format!("ask {}", fields.join(" "))
        }
    }
}
