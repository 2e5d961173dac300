//! The process of an anvil: found, started on a free port, ended.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// A running process, and where it listens.
pub(super) struct Process {
    child: Child,
    port: u16,
}

impl Process {
    /// Starts it and waits until it listens.
    pub(super) fn start(contracts: &Path, work: &Path, genesis: &Value, hardfork: &str) -> Self {
        fs::create_dir_all(work).unwrap_or_else(|e| panic!("{}: {e}", work.display()));
        let file =
            work.join(format!("genesis-{}-{:?}.json", std::process::id(), std::thread::current().id()));
        fs::write(&file, genesis.to_string()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let binary = binary(contracts);
        let mut command = Command::new(&binary);
        command.args([
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--accounts",
            "0",
            "--hardfork",
            hardfork,
            "--init",
        ]);
        command.arg(&file).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", binary.display()));
        // From here on it ends, whatever happens.
        let mut process = Self { child, port: 0 };
        process.port = process.listening();
        // It has read the genesis before it listens.
        fs::remove_file(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        process
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// The port it says it listens on. What it says afterwards is read and dropped, so that it never waits for us.
    fn listening(&mut self) -> u16 {
        let output = self.child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let found = lines
            .find_map(|line| line.strip_prefix("Listening on ")?.rsplit(':').next()?.trim().parse().ok());
        std::thread::spawn(move || lines.for_each(drop));
        found.expect("anvil says where it listens")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The installed binary; `GRIMOIRE_ANVIL` names one for machines it is not packaged for.
fn binary(contracts: &Path) -> PathBuf {
    let packaged = contracts.join("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    let found = std::env::var_os("GRIMOIRE_ANVIL").map_or(packaged, PathBuf::from);
    assert!(
        found.is_file(),
        "anvil is not installed: {} is missing; run `make contracts`, or name another in GRIMOIRE_ANVIL",
        found.display()
    );
    found
}
