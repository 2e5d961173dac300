//! `grimoire partners` and `grimoire keys`.

use tempfile::TempDir;

use crate::program::run;

#[test]
fn a_partner_and_its_keys_are_managed() {
    let folder = TempDir::new().expect("a folder");
    let cli = |args: &[&str]| run(folder.path(), args);
    assert_eq!(cli(&["partners", "list"]).out, "");
    assert_eq!(cli(&["partners", "create", "acme"]).out, "acme\n");
    assert!(cli(&["partners", "list"]).out.starts_with("acme  "));
    let made = cli(&["keys", "create", "--partner", "acme", "--expires", "30d"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let key = made.out.trim();
    assert!(key.starts_with("gk_") && key.lines().count() == 1, "{made:?}");
    let id = key.split('_').nth(1).expect("an id");
    let listed = cli(&["keys", "list"]).out;
    assert!(
        listed.contains(id) && listed.contains("acme") && listed.contains("good") && listed.contains("until"),
        "{listed}"
    );
    assert!(!listed.contains(key.split('_').nth(2).expect("a secret")), "a secret is shown once");
    assert_eq!(cli(&["keys", "revoke", id]).code, Some(0));
    assert!(cli(&["keys", "list"]).out.contains("revoked"));
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = TempDir::new().expect("a folder");
    let cli = |args: &[&str]| run(folder.path(), args);
    cli(&["partners", "create", "acme"]);
    for (args, code, said) in [
        (&["partners", "create", "acme"][..], 1, "already"),
        (&["partners", "create", "Ä"], 1, "a-z"),
        (&["keys", "create", "--partner", "nobody"], 1, "partners create nobody"),
        (&["keys", "revoke", "nothing"], 1, "keys list"),
        (&["keys", "create"], 2, "--partner"),
        (&["keys", "create", "--partner", "acme", "--expires", "soon"], 2, "30d"),
        (&["partners", "list", "--store", "postgres://x"], 1, "sqlite:PATH"),
        (&["partners", "list", "--store", "sqlite:/nowhere/at/all.db"], 1, "/nowhere/at/all.db"),
    ] {
        let ended = cli(args);
        assert_eq!(ended.code, Some(code), "{args:?}: {ended:?}");
        assert!(ended.err.contains(said), "{args:?}: {ended:?}");
        assert_eq!(ended.out, "", "{args:?}");
    }
}
