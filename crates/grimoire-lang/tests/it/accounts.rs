//! Recipients: names by ENSIP-15 against the vectors the library publishes, addresses by EIP-55.

use std::path::PathBuf;
use std::process::Command;

use grimoire_lang::{Outcome, Role};
use serde_json::Value;

use crate::engine::{outcome, read};

/// The folder of the library's own test data: beside its source, where Cargo keeps it.
fn fixtures() -> PathBuf {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let library =
        packages.iter().find(|p| p["name"] == "ens-normalize").expect("the library is a dependency");
    let manifest = PathBuf::from(library["manifest_path"].as_str().expect("a path"));
    manifest.with_file_name("tests").join("fixtures")
}

fn vectors() -> Vec<Value> {
    let text = std::fs::read_to_string(fixtures().join("validate-tests.json")).expect("the library has them");
    serde_json::from_str(&text).expect("a list")
}

/// A vector: the name, its normal form, and none where it has none.
fn expected(vector: &Value) -> Option<(&str, Option<&str>)> {
    let name = vector["name"].as_str()?;
    let norm = vector["norm"].as_str().unwrap_or(name);
    Some((name, (vector["error"] != true).then_some(norm)))
}

#[test]
fn the_library_passes_the_vectors_of_ensip_15() {
    let (mut passed, mut refused) = (0, 0);
    for vector in vectors() {
        let Some((name, want)) = expected(&vector) else { continue };
        let got = ens_normalize::normalize(name).ok().map(|n| n.to_string());
        assert_eq!(got.as_deref(), want, "{name:?}");
        if want.is_some() { passed += 1 } else { refused += 1 }
    }
    assert!(passed > 20_000 && refused > 15_000, "{passed} names pass, {refused} are refused");
}

/// Who receives it, when a message says this name.
fn recipient(name: &str) -> Option<String> {
    match read(&format!("send 5 USDC to {name}"), Some("ethereum")).outcome {
        Outcome::Plan(intent) => intent.actions[0].get(Role::Recipient).map(str::to_owned),
        Outcome::Ask(_) => None,
    }
}

#[test]
fn a_name_in_a_message_is_its_normal_form_or_asked_about() {
    let (mut plans, mut asked) = (0, 0);
    for vector in vectors() {
        let Some((name, want)) = expected(&vector) else { continue };
        let (said, want) = (format!("{name}.eth"), want.map(|n| format!("{n}.eth")));
        match recipient(&said) {
            Some(got) => {
                // The message may end the name earlier than the vector: then it is another, valid name.
                let whole = !name
                    .chars()
                    .any(|c| c.is_whitespace() || !c.is_alphanumeric() && c.is_ascii() && !"-_$".contains(c));
                assert!(!whole || Some(&got) == want.as_ref(), "{said:?}: {got:?}, not {want:?}");
                assert_eq!(ens_normalize::normalize(&got).ok().as_deref(), Some(got.as_str()), "{said:?}");
                plans += 1;
            }
            None => asked += 1,
        }
    }
    assert!(plans > 10_000 && asked > 10_000, "{plans} plans, {asked} questions");
}

#[test]
fn names_follow_the_rules_of_ensip_15() {
    for (said, want) in [
        ("alice.eth", Some("alice.eth")),
        ("Alice.eth", Some("alice.eth")),
        ("ALICE.ETH", Some("alice.eth")),
        ("sub.alice.eth", Some("sub.alice.eth")),
        // Hyphens are letters, but not at the third and fourth place together.
        ("a-b.eth", Some("a-b.eth")),
        ("ab--cd.eth", None),
        // Underscores lead or are absent.
        ("_alice.eth", Some("_alice.eth")),
        ("__a.eth", Some("__a.eth")),
        ("a_b.eth", None),
        // Composed and decomposed letters are one name.
        ("caf\u{e9}.eth", Some("caf\u{e9}.eth")),
        ("cafe\u{301}.eth", Some("caf\u{e9}.eth")),
        // A style of an emoji carries nothing.
        ("\u{1f987}.eth", Some("\u{1f987}.eth")),
        ("\u{2764}\u{fe0f}.eth", Some("\u{2764}.eth")),
        ("1\u{fe0f}\u{20e3}.eth", Some("1\u{20e3}.eth")),
        // Full-width letters are the plain ones.
        ("\u{ff41}lice.eth", Some("alice.eth")),
        // One script, and none that only looks like another.
        ("\u{430}lice.eth", None),
        ("\u{440}\u{430}\u{443}.eth", None),
        ("\u{3b1}lice.eth", None),
        // Fenced marks neither lead, trail nor touch.
        ("a\u{2019}s.eth", None),
        ("a\u{b7}.eth", None),
        // Nothing invisible, no empty label.
        ("ali\u{200b}ce.eth", None),
        ("alice\u{200d}.eth", None),
        ("alice..eth", None),
        ("alice\u{2044}bob.eth", Some("alice\u{2044}bob.eth")),
        ("alice\u{2044}.eth", None),
        // Disallowed.
        ("ali%ce.eth", None),
    ] {
        assert_eq!(recipient(said).as_deref(), want, "{said:?}");
    }
}

/// The examples of EIP-55: all capitals, all small, and mixed.
const CHECKSUMMED: [&str; 8] = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
];

#[test]
fn an_address_is_taken_as_written_if_its_checksum_holds() {
    for address in CHECKSUMMED {
        assert_eq!(recipient(address).as_deref(), Some(address));
        let small = address.to_lowercase();
        assert_eq!(recipient(&small).as_deref(), Some(small.as_str()), "one case carries no checksum");
    }
}

#[test]
fn one_letter_of_another_case_breaks_the_checksum() {
    for address in &CHECKSUMMED[4..] {
        for (i, c) in address.char_indices().skip(2).filter(|(_, c)| c.is_ascii_alphabetic()) {
            let other = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            let changed = format!("{}{other}{}", &address[..i], &address[i + 1..]);
            assert_eq!(recipient(&changed), None, "{changed}");
        }
    }
}

#[test]
fn an_address_that_is_none_is_asked_about() {
    let zero = format!("0x{}", "0".repeat(40));
    for bad in [
        zero.as_str(),
        "0x",
        "0x1234",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed1",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg",
        "0x5aAe…BeAed",
        "0x5aAe...BeAed",
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0\u{445}5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    ] {
        let got = outcome(&read(&format!("send 5 USDC to {bad}"), Some("ethereum")), None);
        assert!(got.starts_with("ask"), "{bad}: {got}");
    }
}
