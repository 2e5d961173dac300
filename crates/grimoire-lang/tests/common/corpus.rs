//! The messages the properties are tried on: the frames' examples, the crate's own corpus, and the one
//! `$GRIMOIRE_CORPUS` names.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A message, and the chain the person is on.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) say: String,
    pub(crate) chain: Option<String>,
}

/// A frame's example.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) frame: String,
    pub(crate) message: Message,
    pub(crate) want: String,
}

fn entries(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == ending));
    files.sort();
    files
}

/// Every example of every frame file.
pub(crate) fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/frames");
    let mut all = Vec::new();
    for file in entries(&folder, "toml").iter().filter(|f| !f.ends_with("common.toml")) {
        let text = std::fs::read_to_string(file).expect("readable");
        let table: toml::Table = text.parse().expect("a frame file");
        let frame = file.file_stem().expect("a name").to_string_lossy().into_owned();
        for row in table["example"].as_array().expect("a list") {
            let get = |key: &str| row.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            let want = get("plan").map(|p| format!("plan {p}")).or(get("ask").map(|a| format!("ask {a}")));
            let chain = Some(get("chain").unwrap_or_else(|| "ethereum".into())).filter(|c| !c.is_empty());
            let message = Message { say: get("say").expect("a sentence"), chain };
            all.push(Example { frame: frame.clone(), message, want: want.expect("an outcome") });
        }
    }
    all
}

/// Every line of every corpus: the crate's own, and that of `$GRIMOIRE_CORPUS`.
fn lines() -> Vec<Value> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let given = std::env::var_os("GRIMOIRE_CORPUS").map(PathBuf::from);
    let files = [Some(own), given].into_iter().flatten().flat_map(|folder| entries(&folder, "jsonl"));
    let text = |file: PathBuf| std::fs::read_to_string(file).expect("readable");
    let lines = files.map(text).flat_map(|t| t.lines().map(str::to_owned).collect::<Vec<_>>());
    lines.map(|l| serde_json::from_str(&l).expect("a corpus line")).collect()
}

/// Every message: examples, single lines, and the first turns of conversations.
pub(crate) fn messages() -> Vec<Message> {
    let mut all: Vec<Message> = examples().into_iter().map(|e| e.message).collect();
    for line in lines() {
        let chain = line["chain"].as_str().map(str::to_owned);
        let said = line["message"].as_str().or(line["turns"][0]["message"].as_str());
        all.extend(said.map(|say| Message { say: say.to_owned(), chain }));
    }
    assert!(all.len() >= 350, "only {} messages: too few to mean anything", all.len());
    all
}
