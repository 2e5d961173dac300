//! `grimoire parse`

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{run, run_with};

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_line_in_is_a_line_out() {
    let folder = TempDir::new().expect("a folder");
    let input = concat!(
        r#"{"id":"a","chain":"ethereum","message":"Swap 100 USDC to ETH on Uniswap","expect":{},"tags":[]}"#,
        "\n",
        r#"{"id":"b","chain":null,"message":"hello"}"#,
        "\n",
        r#"{"id":"c","chain":"ethereum","turns":[{"message":"Move my USDC to a better yield"},{"answers":{"venue":"aave_v3","amount":5000}}]}"#,
    );
    let ended = run_with(folder.path(), &["parse", "--jsonl"], input);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lines = lines(&ended.out);
    assert_eq!(lines.iter().map(|l| &l["id"]).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(lines[0]["outcome"], "plan");
    assert_eq!(lines[0]["actions"][0]["token_in"], "USDC");
    assert_eq!((&lines[1]["outcome"], &lines[1]["fields"]), (&json!("ask"), &json!(["intent"])));
    assert_eq!(lines[2]["turns"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_malformed_line_is_named() {
    let folder = TempDir::new().expect("a folder");
    let ended = run_with(
        folder.path(),
        &["parse", "--jsonl"],
        "{\"id\":\"a\",\"chain\":null,\"message\":\"hi\"}\n{oops\n",
    );
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("line 2"), "{ended:?}");
    assert_eq!(lines(&ended.out).len(), 1, "what came before is answered");
}

#[test]
fn a_message_is_parsed_without_a_store() {
    let folder = TempDir::new().expect("a folder");
    let parse =
        |args: &[&str]| run(folder.path(), &[&["parse", "Swap 100 USDC to ETH on Uniswap"], args].concat());
    let ended = parse(&["--chain", "ethereum", "--json"]);
    let document: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(
        (&document["outcome"], &document["actions"][0]["type"]),
        (&json!("plan"), &json!("swap")),
        "{ended:?}"
    );
    let ended = parse(&["--json"]);
    let document: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!((&document["outcome"], &document["fields"]), (&json!("ask"), &json!(["chain"])), "{ended:?}");
    assert!(parse(&["--chain", "ethereum"]).out.contains("swap"));
    assert!(parse(&["--chain", "ethereum", "--explain"]).out.contains("USDC"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is written");
}
