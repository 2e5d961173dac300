//! The disk that fails as it is told: builds the shim and gives it its orders.
//!
//! What comes in: orders. What goes out: the variables the program is started with, and what the shim has counted. What
//! it refuses to know: what the program does. `fault.c` has the other half.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::OnceLock,
};

/// The words of the file both sides share; `fault.c` has the same.
#[derive(Clone, Copy)]
pub(crate) enum Word {
    /// How many calls of the kinds and files named below there were.
    Calls,
    Kinds,
    Files,
    /// The call from which on `Action` happens …
    At,
    /// … to so many calls.
    Times,
    Action,
    /// The number a call fails with.
    Error,
    /// The bytes the files may still grow by.
    Budget,
    /// How many calls were interfered with.
    Fired,
    /// Whether luck decides what a power cut leaves of what was not synced, instead of nothing.
    Keep,
    Seed,
    /// Files whose syncs are not carried out.
    Blind,
    /// Whether it is kept apart what was synced.
    Track,
}

const WORDS: u64 = 13;

pub(crate) const WRITE: u64 = 1;
pub(crate) const TRUNCATE: u64 = 2;
pub(crate) const SYNC: u64 = 4;
pub(crate) const READ: u64 = 8;
pub(crate) const UNLINK: u64 = 16;
/// Taking the lock that whoever writes holds.
pub(crate) const LOCK: u64 = 32;
/// Everything that changes what is on disk.
pub(crate) const CHANGES: u64 = WRITE | TRUNCATE | SYNC | UNLINK;

pub(crate) const WAL: u64 = 2;
const ALL_FILES: u64 = 0b1111;

pub(crate) const EIO: u64 = 5;
pub(crate) const ENOSPC: u64 = 28;
pub(crate) const FOREVER: u64 = u64::MAX;

/// What happens at a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    KillBefore = 1,
    /// Half of the bytes are written.
    KillAmid,
    KillAfter,
    Fail,
    CutBefore,
    CutAmid,
    CutAfter,
    /// The process stands still right before it, until it is told to go on.
    Stop,
}

/// The disk under one store.
pub(crate) struct Disk {
    orders: File,
    variables: [(&'static str, String); 3],
}

impl Disk {
    /// Under the store in a folder; does nothing of its own accord.
    pub(crate) fn under(folder: &Path) -> Self {
        let folder = folder.canonicalize().expect("the folder exists");
        let path = folder.join("orders");
        let orders = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path);
        let orders = orders.expect("a file of orders");
        orders.set_len(8 * WORDS).expect("it has room");
        let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let variables = [
            ("LD_PRELOAD", text(shim())),
            ("FAULT_ORDERS", text(&path)),
            ("FAULT_STORE", text(&folder.join("grimoire.db"))),
        ];
        let disk = Self { orders, variables };
        disk.set(Word::Budget, u64::MAX);
        disk.watch(CHANGES);
        disk
    }

    /// The variables a program with this disk is started with.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.variables.iter().map(|(name, value)| (*name, value.as_str()))
    }

    pub(crate) fn set(&self, word: Word, value: u64) {
        self.orders.write_all_at(&value.to_ne_bytes(), 8 * word as u64).expect("it can be written");
    }

    pub(crate) fn get(&self, word: Word) -> u64 {
        let mut bytes = [0; 8];
        self.orders.read_exact_at(&mut bytes, 8 * word as u64).expect("it can be read");
        u64::from_ne_bytes(bytes)
    }

    /// Counts calls of these kinds from now on, and leaves them alone.
    pub(crate) fn watch(&self, kinds: u64) {
        self.set(Word::At, 0);
        self.set(Word::Files, ALL_FILES);
        self.set(Word::Kinds, kinds);
        self.set(Word::Calls, 0);
        self.set(Word::Fired, 0);
    }

    /// Orders what happens at the `at`-th call of these kinds from now on.
    pub(crate) fn at(&self, kinds: u64, at: u64, action: Action) {
        self.watch(kinds);
        self.set(Word::Times, 1);
        self.set(Word::Action, action as u64);
        self.set(Word::At, at);
    }

    /// Lets calls of these kinds fail from the `at`-th on, so many times.
    pub(crate) fn fail(&self, kinds: u64, at: u64, times: u64, error: u64) {
        self.watch(kinds);
        self.set(Word::Error, error);
        self.set(Word::Times, times);
        self.set(Word::Action, Action::Fail as u64);
        self.set(Word::At, at);
    }
}

/// The library, built once.
fn shim() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash/fault.c");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (draft, built) = (folder.join(format!("fault-{}.so", process::id())), folder.join("fault.so"));
        // The compiler that Rust links with.
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let mut command = Command::new(compiler);
        command
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(&draft)
            .arg(source);
        let status = command.args(["-ldl", "-lpthread"]).status().expect("a C compiler is installed");
        assert!(status.success(), "the shim is built");
        // Another run of the tests may be using the one there is.
        fs::rename(&draft, &built).expect("it can be moved");
        built
    })
}
