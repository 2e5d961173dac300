//! A snapshot is the same whoever makes it, and is trusted only as long as it is whole.

use std::{collections::BTreeSet, fs, path::PathBuf};

use grimoire_core::evm::StateSource as _;
use grimoire_registry::ChainId;
use grimoire_sandbox::{Paths, Sandbox, SandboxError, Stage};

use crate::fixture::{CHAIN, On, paths, sandbox};

/// A folder of the test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    folder
}

fn build(name: &str) -> (Paths, Sandbox) {
    let paths = Paths { snapshots: folder(name), ..paths() };
    let sandbox = Sandbox::build(&paths, &mut |_| ()).unwrap_or_else(|why| panic!("{why}"));
    (paths, sandbox)
}

fn file(paths: &Paths, chain: ChainId) -> PathBuf {
    paths.snapshots.join(chain.as_str()).with_extension("snapshot")
}

fn without_contracts(paths: &Paths) -> Paths {
    Paths { contracts: folder("no-contracts"), ..paths.clone() }
}

#[test]
fn two_builds_give_the_same_bytes() {
    let ((one, a), (two, b)) = (build("one"), build("two"));
    let read = |paths: &Paths, chain| fs::read(file(paths, chain)).expect("a stored snapshot");
    for chain in ChainId::ALL {
        assert!(read(&one, chain) == read(&two, chain), "{chain}");
        let hash = |sandbox: &Sandbox| sandbox.snapshot(chain).expect("it is served").block.hash;
        assert_eq!(hash(&a), hash(&b), "{chain}");
        assert!(!hash(&a).is_zero(), "{chain}");
    }
    for paths in [one, two] {
        fs::remove_dir_all(paths.snapshots).expect("it goes");
    }
}

#[test]
fn a_stored_chain_is_the_built_one_and_needs_no_contracts() {
    let (paths, built) = build("load");
    let mut stages = Vec::new();
    let loaded =
        Sandbox::load_or_build(&without_contracts(&paths), &mut |progress| stages.push(progress.stage));
    let loaded = loaded.unwrap_or_else(|why| panic!("{why}"));
    assert!(stages.iter().all(|&stage| stage == Stage::Load) && !stages.is_empty());
    for chain in ChainId::ALL {
        assert_eq!(loaded.genesis(chain), built.genesis(chain), "{chain}");
    }
    let json = |sandbox: &Sandbox| serde_json::to_string(&sandbox.info()).expect("it serializes");
    assert_eq!(json(&loaded), json(&built));
    let (a, b) = (loaded.snapshot(CHAIN).expect("ethereum"), built.snapshot(CHAIN).expect("ethereum"));
    assert_eq!(a.block, b.block);
    fs::remove_dir_all(paths.snapshots).expect("it goes");
}

#[test]
fn a_damaged_snapshot_is_built_again() {
    let (paths, _) = build("damaged");
    let whole = fs::read(file(&paths, CHAIN)).expect("a stored snapshot");
    // The format, the key, the hash, the body; and an end that is missing.
    let last = whole.len() - 1;
    let flipped = [0, 8, 40, 72, last].map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    });
    for bytes in flipped.into_iter().chain([whole[..last].to_vec(), Vec::new()]) {
        fs::write(file(&paths, CHAIN), bytes).expect("it can be written");
        let refused = Sandbox::load_or_build(&without_contracts(&paths), &mut |_| ());
        assert!(matches!(refused, Err(SandboxError::NotInstalled(_))));
        let mut stages = Vec::new();
        let mended = Sandbox::load_or_build(&paths, &mut |progress| stages.push(progress.stage));
        assert!(mended.is_ok() && stages.contains(&Stage::Tokens) && stages.contains(&Stage::Store));
        assert!(fs::read(file(&paths, CHAIN)).expect("a stored snapshot") == whole);
    }
    fs::remove_dir_all(paths.snapshots).expect("it goes");
}

#[test]
fn what_is_missing_is_named_with_what_to_run() {
    let nothing = without_contracts(&Paths { snapshots: folder("nothing"), ..paths() });
    let why = Sandbox::load_or_build(&nothing, &mut |_| ()).expect_err("no sandbox").to_string();
    assert!(why.contains("node_modules is missing") && why.contains("`make contracts`"), "{why}");

    let outdated = Paths { contracts: folder("outdated"), ..nothing };
    fs::create_dir_all(outdated.contracts.join("node_modules")).expect("a folder");
    fs::create_dir_all(outdated.contracts.join("out")).expect("a folder");
    fs::write(outdated.contracts.join("out/inputs.sha256"), "something else").expect("a file");
    let why = Sandbox::load_or_build(&outdated, &mut |_| ()).expect_err("no sandbox").to_string();
    assert!(why.contains("do not match") && why.contains("`make contracts`"), "{why}");
    fs::remove_dir_all(outdated.contracts).expect("it goes");
}

#[test]
fn every_chain_is_served_by_a_state_of_its_own() {
    assert_eq!(sandbox().chains(), ChainId::ALL);
    let hashes = On::every().map(|on| on.snapshot().block.hash).collect::<BTreeSet<_>>();
    assert_eq!(hashes.len(), ChainId::ALL.len());
}
