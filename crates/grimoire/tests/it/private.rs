//! The store is its owner's alone.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use tempfile::TempDir;

use crate::program::{Server, run};

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap_or_else(|e| panic!("{}: {e}", file.display())).permissions().mode() & 0o777
}

#[test]
fn nobody_else_may_read_the_store() {
    let server = Server::start();
    assert_eq!(server.run("hello").status, 200);
    for name in ["grimoire.db", "grimoire.db-wal", "grimoire.db-shm"] {
        assert_eq!(mode(&server.folder.path().join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_store_that_others_may_read_is_pointed_out() {
    let folder = TempDir::new().expect("a folder");
    let list = || run(folder.path(), &["partners", "list"]).err;
    let file = folder.path().join("grimoire.db");
    list();
    assert!(!list().contains("chmod"), "a private one is not");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("it is ours");
    assert!(list().contains("chmod 600 grimoire.db"), "{}", list());
    assert_eq!(mode(&file), 0o644, "it is left as it is");
}
