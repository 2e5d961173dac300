//! The command line as a whole: what goes where, and how it ends.

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{finish, grimoire, run};

const SWAP: &[&str] = &["run", "Swap 100 USDC to ETH on Uniswap", "--chain", "ethereum"];

#[test]
fn a_preview_is_shown_to_a_person() {
    let folder = TempDir::new().expect("a folder");
    let ended = run(folder.path(), SWAP);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for words in [
        "Swap 100 USDC to ETH",
        "You send",
        "You receive",
        "Price impact",
        "Slippage",
        "Network fee",
        "Transactions",
        "not a live chain",
    ] {
        assert!(ended.out.contains(words), "{words} in\n{}", ended.out);
    }
    assert!(!ended.out.contains('\u{1b}'), "no colours where no terminal is");
}

#[test]
fn json_is_the_document_of_the_api() {
    let folder = TempDir::new().expect("a folder");
    let ended = run(folder.path(), &[SWAP, &["--json"]].concat());
    let document: Value = serde_json::from_str(&ended.out).expect("JSON");
    let keys: Vec<_> = document.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["ok", "type", "state", "session_id", "version", "expires_at", "preview", "summary"]);
    assert_eq!(ended.out.lines().count(), 1);
}

#[test]
fn without_a_terminal_the_questions_are_printed() {
    let folder = TempDir::new().expect("a folder");
    let ended = run(folder.path(), &["run", "Move my USDC to a better yield", "--chain", "ethereum"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let (aave, morpho) = ("aave_v3: 3.96% APY", "morpho_blue: 3.67% APY");
    assert!(
        ended.out.contains(aave) && ended.out.contains(morpho) && ended.out.contains("amount"),
        "{ended:?}"
    );
}

#[test]
fn the_sandbox_is_described() {
    let folder = TempDir::new().expect("a folder");
    let ended = run(folder.path(), &["sandbox", "info"]);
    assert!(ended.out.contains("ethereum") && ended.out.contains("USDC/WETH"), "{ended:?}");
    assert!(ended.out.contains("invented"), "it says what it is: {ended:?}");
    let ended = run(folder.path(), &["sandbox", "info", "--json"]);
    let info: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(info["chains"][0]["chain"], "ethereum");
}

#[test]
fn without_contracts_it_is_said_how_to_get_them() {
    let folder = TempDir::new().expect("a folder");
    for args in [SWAP, &["sandbox", "build"], &["serve", "--listen", "127.0.0.1:0"]] {
        let mut command = grimoire(folder.path());
        command.env("GRIMOIRE_SANDBOX_CONTRACTS", "nowhere").env("GRIMOIRE_SANDBOX_SNAPSHOTS", "none");
        let ended = finish(command.args(args), "");
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{args:?}: {ended:?}");
        assert!(ended.err.contains("make contracts"), "{args:?}: {ended:?}");
    }
}

#[test]
fn a_taken_port_is_named() {
    let folder = TempDir::new().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let ended = run(folder.path(), &["serve", "--listen", &address]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains(&format!("cannot listen on {address}")), "{ended:?}");
}

#[test]
fn bad_usage_ends_with_2() {
    let folder = TempDir::new().expect("a folder");
    let long = "a".repeat(2_001);
    for args in [
        &["frobnicate"][..],
        &[],
        &["run"],
        &["run", ""],
        &["run", &long],
        &["run", "x", "--chain", "solana"],
        &["run", "x", "--wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"],
        &["parse"],
        &["parse", "x", "--jsonl"],
        &["serve", "--listen", "nowhere"],
    ] {
        let ended = run(folder.path(), args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{args:?}: {ended:?}");
        assert!(!ended.err.is_empty());
    }
    for args in [&["--help"][..], &["--version"], &["run", "--help"]] {
        assert_eq!(run(folder.path(), args).code, Some(0), "{args:?}");
    }
}

#[test]
fn a_failure_is_told_once() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("letter.txt"), "Dear reader, this is not a database. ".repeat(40))
        .expect("written");
    for (args, said) in [
        (&["config", "--config", "nowhere.toml"][..], "nowhere.toml: No such file"),
        (&["partners", "list", "--store", "sqlite:letter.txt"], "not a database of ours"),
        (&["partners", "list", "--store", "sqlite:."], "directory"),
        (&["partners", "list", "--store", "sqlite:"], "sqlite:PATH"),
    ] {
        let ended = run(folder.path(), args);
        assert_eq!(ended.code, Some(1), "{args:?}: {ended:?}");
        let told: Vec<_> = ended.err.lines().filter(|line| line.starts_with("grimoire: ")).collect();
        assert!(matches!(told[..], [line] if line.contains(said)), "{args:?}: {ended:?}");
        let mut parts: Vec<_> = told[0].split(": ").collect();
        let all = parts.len();
        parts.sort_unstable();
        parts.dedup();
        assert_eq!(parts.len(), all, "{args:?}: {ended:?}");
    }
}
