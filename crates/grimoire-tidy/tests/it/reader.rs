//! The reader sees what it is meant to see.

use grimoire_tidy::{declared, imported, upward};

#[test]
fn modules_and_imports_are_read_in_order() {
    assert_eq!(declared("//! x\npub mod a;\nmod b;\npub use a::X;\n"), ["a", "b"]);
    let text =
        "use crate::{\n    a::{B, C},\n    d,\n    e::f,\n};\nfn g() { crate::h::i() } // crate::comment\n";
    assert_eq!(imported(text), ["a", "d", "e", "h"]);
    assert!(
        imported("x\n#[cfg(test)]\nmod tests { use crate::z; }").is_empty(),
        "tests may import from anywhere"
    );
}

#[test]
fn an_import_from_below_is_seen() {
    let order = ["a".to_owned(), "b".to_owned()];
    let files = [
        ("src/a.rs".to_owned(), "use crate::b::X;".to_owned()),
        ("src/b/c.rs".to_owned(), "use crate::{a::Y, b::Z};".to_owned()),
    ];
    assert_eq!(upward(&order, &files, "src"), [("src/a.rs".to_owned(), "b".to_owned())]);
}
