//! This program once more, as a server beside which others are measured.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

/// A server in a process of its own.
pub(crate) struct Peer {
    child: Child,
    out: BufReader<ChildStdout>,
    held: Option<ChildStdin>,
    pub(crate) at: SocketAddr,
}

impl Peer {
    /// Starts one that plays this role; the first line it says is where it listens.
    pub(crate) fn start(role: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(format!("--role={role}")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let at = line(&mut out).parse().expect("an address");
        Self { held: child.stdin.take(), child, out, at }
    }

    /// The next line it says.
    pub(crate) fn line(&mut self) -> String {
        line(&mut self.out)
    }

    /// Closes its input, which is what some roles wait for.
    pub(crate) fn release(&mut self) {
        drop(self.held.take());
    }

    /// Memory that is resident, in KiB.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is told");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    pub(crate) fn pid(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Processor time that a process took so far.
pub(crate) fn worked(pid: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let behind = stat.rsplit_once(") ").expect("the name ends").1;
    let fields: Vec<&str> = behind.split(' ').collect();
    // In hundredths of a second.
    Duration::from_millis([11, 12].iter().map(|&at| fields[at].parse::<u64>().expect("a number") * 10).sum())
}

fn line(out: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).expect("it says something");
    line.trim_end().to_owned()
}
