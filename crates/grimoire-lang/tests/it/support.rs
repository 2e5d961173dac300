//! A compact notation for plans, and one lexicon for all tests.

use std::sync::LazyLock;

use grimoire_lang::{Context, Intent, Lexicon, Outcome, Reading, Turn, understand};
use grimoire_registry::REGISTRY;

pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&REGISTRY.vocabulary()));

/// A frame's example.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) frame: String,
    pub(crate) say: String,
    pub(crate) chain: Option<String>,
    pub(crate) want: String,
}

/// Every example of every frame file.
pub(crate) fn examples() -> Vec<Example> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/frames");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files.iter().filter(|f| !f.ends_with("common.toml")) {
        let text = std::fs::read_to_string(file).expect("readable");
        let table: toml::Table = text.parse().expect("a frame file");
        let frame = file.file_stem().expect("a name").to_string_lossy().into_owned();
        for row in table["example"].as_array().expect("a list") {
            let get = |key: &str| row.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            let want = get("plan").map(|p| format!("plan {p}")).or(get("ask").map(|a| format!("ask {a}")));
            let chain = Some(get("chain").unwrap_or_else(|| "ethereum".into())).filter(|c| !c.is_empty());
            all.push(Example {
                frame: frame.clone(),
                say: get("say").expect("a sentence"),
                chain,
                want: want.expect("an outcome"),
            });
        }
    }
    all
}

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

/// The lines of the shared corpus, where there is one: sentence and chain.
pub(crate) fn shared_corpus() -> Vec<(String, Option<String>)> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("GRIMOIRE_CORPUS").map_or(beside, Into::into);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    files.sort();
    let mut out = Vec::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "jsonl")) {
        for line in std::fs::read_to_string(file).unwrap_or_default().lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("a corpus line");
            if let Some(message) = line["message"].as_str() {
                out.push((message.to_owned(), line["chain"].as_str().map(str::to_owned)));
            }
        }
    }
    out
}
