//! What was acknowledged is there after a crash.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::Arc,
};

use crate::{program::Server, wire::Request};

#[test]
fn kill_9_loses_no_acknowledged_session() {
    let mut server = Server::start();
    let key = server.key.clone();
    for _ in 0..3 {
        let ids: Vec<_> = (0..5)
            .map(|_| server.run("hello").json()["session_id"].as_str().expect("an id").to_owned())
            .collect();
        server.signal("-KILL");
        assert_eq!(server.end(), None);
        server = Server::start_in(Arc::clone(&server.folder), &[]);
        assert_eq!(server.key, "", "a later start makes no key");
        server.key.clone_from(&key);
        for id in ids {
            let response = server.ask(&Request::new("GET", &format!("/v1/session/{id}")).key(&key));
            assert_eq!((response.status, &response.json()["session_id"]), (200, &id.as_str().into()));
        }
    }
}

#[test]
#[ignore = "needs strace, and leave to trace"]
fn a_disk_that_fails_is_told_as_what_it_is() {
    for (fault, run, look) in [
        ("fsync:error=EIO", (503, "commit_unknown"), 200),
        ("pwrite64:error=EIO", (503, "commit_unknown"), 200),
        ("pwrite64:error=ENOSPC", (503, "storage_full"), 200),
        ("pread64:error=EIO", (503, "storage_failed"), 503),
    ] {
        let server = Server::start();
        let id = server.run("hello").json()["session_id"].as_str().expect("an id").to_owned();
        let mut strace = Command::new("strace");
        strace.args(["-f", "-o", "/dev/null", "-e", "trace=fsync,pwrite64,pread64"]);
        strace.args(["-e", &format!("inject={fault}"), "-p", &server.pid()]);
        let mut strace = strace.stderr(Stdio::piped()).spawn().expect("strace runs");
        let said = BufReader::new(strace.stderr.as_mut().expect("piped")).lines().next();
        assert!(said.is_some_and(|line| line.is_ok_and(|line| line.contains("attached"))), "it may trace");
        let response = server.run("hello");
        assert_eq!((response.status, response.problem().as_str()), run, "{fault}");
        let looked = server.get(&format!("/v1/session/{id}"));
        assert_eq!(looked.status, look, "{fault}: {looked:?}");
        assert!(look == 200 || looked.problem() == "storage_failed", "{fault}: {looked:?}");
        strace.kill().expect("it runs");
        strace.wait().expect("it ends");
        assert_eq!(server.run("hello").status, 200, "{fault}: it goes on once the disk does");
    }
}
