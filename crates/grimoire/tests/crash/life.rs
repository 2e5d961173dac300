//! One life of the server, from its start to its end, whichever that is.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::{Client, Reply},
    disk::Disk,
    program,
    wire::{PATIENCE, Request},
};

/// A serving process. It is killed when dropped.
pub(crate) struct Life {
    child: Child,
    pub(crate) at: SocketAddr,
    /// How long it took from its start to its first answer.
    pub(crate) ready: Duration,
    /// The first partner's key, where this start made it.
    pub(crate) key: Option<String>,
    said: Arc<Mutex<Vec<String>>>,
}

/// A process that ended before it served.
#[derive(Debug)]
pub(crate) struct Dead {
    /// Of [`Life`].
    pub(crate) key: Option<String>,
    said: Vec<String>,
}

impl std::fmt::Display for Dead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "it never served: {}", self.said.join("\n"))
    }
}

/// What a dead process was at is taken over soon. A lease that runs out on a living one, because the machine is busy,
/// leaves more turns in doubt, which the tests that have it bear.
pub(crate) const SOON: &[(&str, &str)] = &[("GRIMOIRE_SESSION_LEASE", "2s")];

/// How a server is started.
pub(crate) struct Birth<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) disk: Option<&'a Disk>,
    /// Names and values of settings.
    pub(crate) settings: &'a [(&'a str, &'a str)],
    /// Open files at most.
    pub(crate) files: Option<u32>,
}

impl<'a> Birth<'a> {
    pub(crate) fn on(folder: &'a Path) -> Self {
        Self { folder, disk: None, settings: &[], files: None }
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it does not come to serve.
    pub(crate) fn live(&self) -> Life {
        self.attempt().unwrap_or_else(|dead| panic!("{dead}"))
    }

    /// Starts it, if it comes to serve.
    pub(crate) fn attempt(&self) -> Result<Life, Dead> {
        let begun = Instant::now();
        let mut child = self.command().spawn().expect("the binary starts");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let said = Arc::new(Mutex::new(Vec::new()));
        let (sender, lines) = mpsc::channel();
        let kept = Arc::clone(&said);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                kept.lock().expect("no panic holds it").push(line.clone());
                _ = sender.send(line);
            }
        });
        let mut key = None;
        loop {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                _ = child.kill();
                _ = child.wait();
                let said = said.lock().expect("no panic holds it").clone();
                return Err(Dead { key, said });
            };
            if let Some((_, shown)) = line.split_once("shown this once: ") {
                key = Some(shown.to_owned());
            }
            let Some(at) = line.strip_prefix("listening on http://") else { continue };
            let at = at.parse().expect("an address");
            let ready = Client::new(at).ask(&Request::new("GET", "/readyz"));
            let life = Life { child, at, ready: begun.elapsed(), key: key.clone(), said };
            return match ready {
                Some(Reply { status: 200, .. }) => Ok(life),
                _ => Err(Dead { key, said: life.said() }),
            };
        }
    }

    fn command(&self) -> Command {
        let plain = program::grimoire(self.folder);
        let mut command = match self.files {
            None => plain,
            Some(files) => {
                let mut limited = Command::new("sh");
                limited.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]);
                limited.arg(plain.get_program()).args(plain.get_args()).current_dir(self.folder);
                for (name, value) in plain.get_envs() {
                    match value {
                        Some(value) => limited.env(name, value),
                        None => limited.env_remove(name),
                    };
                }
                limited
            }
        };
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        command.env("GRIMOIRE_LOG_LEVEL", "warn");
        command.envs(self.settings.iter().copied());
        command.envs(self.disk.into_iter().flat_map(Disk::variables));
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

impl Life {
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().expect("kill runs").success());
    }

    /// Kills it at once (kill -9).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }

    /// Waits until it has ended; nothing when it does not.
    pub(crate) fn end(&mut self) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// What it said on its standard error.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.lock().expect("no panic holds it").clone()
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
