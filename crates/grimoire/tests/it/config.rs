//! Settings and where they come from.

use std::fs;

use tempfile::TempDir;

use crate::program::{finish, grimoire, run};

/// The value and the origin of a setting, as `grimoire config` shows them.
fn shown(out: &str, key: &str) -> (String, String) {
    let line = out.lines().find(|line| line.split_whitespace().next() == Some(key));
    let cells: Vec<_> =
        line.unwrap_or_else(|| panic!("{key} is not shown: {out}")).split_whitespace().collect();
    (cells[1].into(), cells[2..].join(" "))
}

#[test]
fn flags_win_over_variables_over_the_file_over_defaults() {
    let folder = TempDir::new().expect("a folder");
    fs::write(
        folder.path().join("mine.toml"),
        "listen = \"127.0.0.1:1\"\n[session]\nttl = \"5m\"\nmax_age = \"2h\"\n",
    )
    .expect("written");
    let ended = finish(
        grimoire(folder.path())
            .args(["config", "--config", "mine.toml", "--listen", "127.0.0.1:3"])
            .env("GRIMOIRE_LISTEN", "127.0.0.1:2")
            .env("GRIMOIRE_SESSION_TTL", "6m"),
        "",
    );
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(shown(&ended.out, "listen"), ("127.0.0.1:3".into(), "--listen".into()));
    assert_eq!(shown(&ended.out, "session.ttl"), ("6m".into(), "GRIMOIRE_SESSION_TTL".into()));
    assert_eq!(shown(&ended.out, "session.max_age"), ("2h".into(), "mine.toml".into()));
    assert_eq!(shown(&ended.out, "plan.slippage"), ("0.2%".into(), "default".into()));
}

#[test]
fn the_usual_file_is_read_where_it_is() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("grimoire.toml"), "[plan]\nslippage = \"1%\"\n").expect("written");
    assert_eq!(
        shown(&run(folder.path(), &["config"]).out, "plan.slippage"),
        ("1%".into(), "grimoire.toml".into())
    );
}

#[test]
fn the_default_file_is_a_whole_and_valid_example() {
    let folder = TempDir::new().expect("a folder");
    let defaults = include_str!("../../config.default.toml");
    fs::write(folder.path().join("grimoire.toml"), defaults).expect("written");
    let ended = run(folder.path(), &["config"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.out.contains("  default"), "the file names every setting: {}", ended.out);
}

#[test]
fn a_bad_setting_is_named_with_its_place_and_what_would_work() {
    let folder = TempDir::new().expect("a folder");
    let cases = [
        ("listen = \"localhost\"", ["listen", "grimoire.toml", "127.0.0.1:8080"]),
        ("[session]\nttl = \"soon\"", ["session.ttl", "grimoire.toml", "30m"]),
        ("[plan]\nslippage = 0.2", ["plan.slippage", "`0.2`", "0.2%"]),
        ("[sesion]\nttl = \"5m\"", ["sesion.ttl", "grimoire.toml", "grimoire config"]),
        ("[http]\nmax_connections = 0", ["http.max_connections", "grimoire.toml", "at least 1"]),
        ("listen = ", ["grimoire.toml", "line 1", ""]),
    ];
    for (text, words) in cases {
        fs::write(folder.path().join("grimoire.toml"), text).expect("written");
        let ended = run(folder.path(), &["config"]);
        assert_eq!(ended.code, Some(1), "{text}: {ended:?}");
        assert!(words.iter().all(|word| ended.err.contains(word)), "{text}: {ended:?}");
    }
    fs::remove_file(folder.path().join("grimoire.toml")).expect("removed");
    assert_eq!(run(folder.path(), &["config", "--config", "nowhere.toml"]).code, Some(1));
    assert_eq!(
        run(folder.path(), &["config", "--listen", "localhost"]).code,
        Some(2),
        "a bad flag is bad usage"
    );
}

#[test]
fn a_variable_that_is_no_setting_is_pointed_out() {
    let folder = TempDir::new().expect("a folder");
    let ended = finish(grimoire(folder.path()).arg("config").env("GRIMOIRE_LISTN", "x"), "");
    assert_eq!(ended.code, Some(0));
    assert!(ended.err.contains("GRIMOIRE_LISTN"), "{ended:?}");
}
