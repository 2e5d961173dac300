//! The binary: run to its end, or serving.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::wire::{PATIENCE, Request, Response, Wire};

const CONTRACTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../grimoire-sandbox/contracts");
const SNAPSHOTS: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/sandbox");

/// The binary with an environment that holds nothing of the tester's.
pub(crate) fn grimoire(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grimoire"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRIMOIRE_")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_BACKTRACE").current_dir(folder);
    command.env("GRIMOIRE_SANDBOX_CONTRACTS", CONTRACTS).env("GRIMOIRE_SANDBOX_SNAPSHOTS", SNAPSHOTS);
    command
}

/// How a run of the binary ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the binary to its end.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Ended {
    run_with(folder, args, "")
}

/// Runs the binary to its end with something on its standard input.
pub(crate) fn run_with(folder: &Path, args: &[&str], input: &str) -> Ended {
    finish(grimoire(folder).args(args), input)
}

/// Runs a prepared command to its end.
pub(crate) fn finish(command: &mut Command, input: &str) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_owned();
    let writer = thread::spawn(move || _ = stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A serving binary. It is killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) at: SocketAddr,
    /// The key that the first start printed; empty on a later start.
    pub(crate) key: String,
    talk: Arc<Mutex<Vec<String>>>,
    lines: Mutex<mpsc::Receiver<String>>,
    pub(crate) folder: Arc<TempDir>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts with these variables set.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(TempDir::new().expect("a folder")), variables)
    }

    /// Starts on the store in a folder.
    pub(crate) fn start_in(folder: Arc<TempDir>, variables: &[(&str, &str)]) -> Self {
        let mut command = grimoire(folder.path());
        command.args(["serve", "--listen", "127.0.0.1:0"]).envs(variables.iter().copied());
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let talk = Arc::new(Mutex::new(Vec::new()));
        let (sender, lines) = mpsc::channel();
        let kept = Arc::clone(&talk);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                kept.lock().expect("no panic holds it").push(line.clone());
                _ = sender.send(line);
            }
        });
        let mut key = String::new();
        let at = loop {
            let line = lines.recv().unwrap_or_else(|_| panic!("the server ended: {talk:?}"));
            if let Some((_, shown)) = line.split_once("shown this once: ") {
                shown.clone_into(&mut key);
            }
            if let Some(at) = line.strip_prefix("listening on http://") {
                break at.parse().expect("an address");
            }
        };
        Self { child, at, key, talk, lines: Mutex::new(lines), folder }
    }

    /// Sends a request on a connection of its own.
    pub(crate) fn ask(&self, request: &Request) -> Response {
        let mut wire = Wire::open(self.at);
        wire.send(request.bytes());
        wire.receive()
    }

    /// Runs a message as the first partner.
    pub(crate) fn run(&self, message: &str) -> Response {
        self.ask(&Request::new("POST", "/v1/run").key(&self.key).json(&message_of(message)))
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.ask(&Request::new("GET", path).key(&self.key))
    }

    /// Runs the binary to its end on the same store.
    pub(crate) fn command(&self, args: &[&str]) -> Ended {
        run(self.folder.path(), args)
    }

    /// Makes a partner and a key for it.
    pub(crate) fn another_partner(&self, name: &str) -> String {
        assert_eq!(self.command(&["partners", "create", name]).code, Some(0));
        self.command(&["keys", "create", "--partner", name]).out.trim().to_owned()
    }

    /// Everything it has said once it has said this.
    pub(crate) fn talk_with(&self, awaited: &str) -> String {
        loop {
            let talk = self.talk.lock().expect("no panic holds it").join("\n");
            if talk.contains(awaited) {
                return talk;
            }
            let lines = self.lines.lock().expect("no panic holds it");
            lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{awaited} is not in {talk}"));
        }
    }

    pub(crate) fn pid(&self) -> String {
        self.child.id().to_string()
    }

    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.pid()]).status().expect("kill runs").success());
    }

    /// Waits until the process has ended.
    pub(crate) fn end(&mut self) -> Option<i32> {
        self.child.wait().expect("it can be waited for").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// The body of a run of the first partner on Ethereum.
pub(crate) fn message_of(message: &str) -> Value {
    json!({"partner_id": "demo", "user_message": message, "user_context": {"chain": "ethereum"}})
}
