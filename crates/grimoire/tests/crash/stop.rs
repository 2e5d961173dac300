//! Processes that are told to end, held up, or left without files.

use std::{
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    client::{Client, Reply},
    crowd::Crowd,
    disk::{Action, Disk, LOCK, Word},
    life::{Birth, Life, SOON},
    program::message_of,
    told::{Heard, Told},
    wire::{PATIENCE, Request},
};

#[test]
fn sigterm_cuts_nothing_off() {
    let folder = TempDir::new().expect("a folder");
    let birth = Birth::on(folder.path());
    let mut life = birth.live();
    let mut crowd = Crowd::of(&life, 5, 6);
    for round in 0..6 {
        crowd.speak_until(10 + 7 * round, || life.signal("-TERM"));
        assert!(life.end().is_some_and(|status| status.success()), "{:?}", life.said());
        crowd.forgive(&[]);
        life = birth.live();
        // Whatever was read was answered: of what was not, nothing was done.
        crowd.each(|speaker| speaker.ledger.undone(&mut Client::new(life.at)));
        crowd.meet(&life);
        assert_eq!(crowd.broken(), [""; 0]);
    }
    assert_eq!(crowd.conclude(), [""; 0]);
    crowd.each(|speaker| speaker.ledger.stray = 0);
    crowd.count(folder.path());
}

/// Two processes on one store, one of which is held up when it is told to.
struct Pair {
    stale: Life,
    other: Life,
    key: String,
    disk: Disk,
    _folder: TempDir,
}

impl Pair {
    fn begin() -> Self {
        let folder = TempDir::new().expect("a folder");
        let disk = Disk::under(folder.path());
        let birth = Birth { settings: SOON, ..Birth::on(folder.path()) };
        let stale = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) }.live();
        let other = birth.live();
        let key = stale.key.clone().expect("the store is new");
        Self { stale, other, key, disk, _folder: folder }
    }

    fn ask(&self, of: &Life, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let request = Request::new(method, path).key(&self.key);
        let request = body.map_or(request.clone(), |body| request.json(body));
        Client::new(of.at).ask(&request).expect("an answer")
    }

    fn look(&self, of: &Life, path: &str) -> Told {
        let reply = self.ask(of, "GET", path, None);
        assert_eq!(reply.status, 200, "{reply:?}");
        Told::by(&reply.body)
    }

    /// Stops a process between the first commit of a turn and the next one, does something meanwhile with the session's
    /// path, lets it go on; gives what the process answers, and holds that it changes nothing of what was done meanwhile.
    fn held_up(&self, body: &Value, name: Option<&str>, meanwhile: impl Fn(&str)) -> (Told, Heard) {
        let begun = self.ask(&self.stale, "POST", "/v1/run", Some(&message_of("hello")));
        let path = format!("/v1/session/{}", Told::by(&begun.body).session);
        let request = Request::new("POST", &path).key(&self.key).json(body);
        let request = name.iter().fold(request, |request, name| request.header("idempotency-key", name));
        self.disk.at(LOCK, 2, Action::Stop);
        let (done, heard) = thread::scope(|scope| {
            let asking = scope.spawn(|| Client::new(self.stale.at).ask(&request));
            let begun = Instant::now();
            while self.disk.get(Word::Fired) == 0 {
                assert!(begun.elapsed() < PATIENCE, "it comes to its second commit");
                thread::sleep(Duration::from_millis(1));
            }
            assert!(self.look(&self.other, &path).is_working());
            meanwhile(&path);
            let done = self.look(&self.other, &path);
            self.stale.signal("-CONT");
            (done, Heard::of(asking.join().expect("no panic")))
        });
        for life in [&self.stale, &self.other] {
            assert_eq!(self.look(life, &path), done, "{heard:?}");
        }
        (done, heard)
    }

    /// Waits until the other process has taken a turn over and ended it.
    fn taken_over(&self, path: &str) {
        let begun = Instant::now();
        while self.look(&self.other, path).version < 2 {
            assert!(begun.elapsed() < PATIENCE, "it is taken over");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

const SWAP: &str = "Swap 100 USDC to ETH on Uniswap";

#[test]
fn a_worker_that_was_held_up_longer_than_its_lease_answers_with_what_another_committed() {
    let pair = Pair::begin();
    for (stream, name) in [(false, None), (false, Some("a")), (true, None), (true, Some("b"))] {
        let body = json!({"message": SWAP, "stream": stream});
        let (done, heard) = pair.held_up(&body, name, |path| pair.taken_over(path));
        let Heard::Done { told, .. } = heard else { panic!("{stream} {name:?}: {heard:?}") };
        assert_eq!((told.version, told), (2, done), "{stream} {name:?}");
    }
}

#[test]
fn a_worker_that_was_held_up_cannot_commit_over_another_turn() {
    let pair = Pair::begin();
    let (done, heard) = pair.held_up(&json!({"message": SWAP}), None, |path| {
        let body = json!({"message": "Swap 5 USDC to ETH on Uniswap", "version": 1});
        let begun = Instant::now();
        loop {
            let reply = pair.ask(&pair.other, "POST", path, Some(&body));
            if reply.status == 200 {
                break;
            }
            assert_eq!(reply.code(), "session_busy");
            assert!(begun.elapsed() < PATIENCE, "the lease runs out");
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert!(matches!(&heard, Heard::Refused(code) if code == "version_conflict"), "{heard:?}");
    assert_eq!((done.version, done.state.as_str()), (2, "PREVIEW_READY"));
}

#[test]
fn without_files_it_waits_until_there_are_some() {
    let folder = TempDir::new().expect("a folder");
    let life = Birth { files: Some(64), ..Birth::on(folder.path()) }.live();
    let key = life.key.as_deref().expect("the store is new");
    let run = Request::new("POST", "/v1/run").key(key).json(&message_of("hello"));
    let mut early = Client::new(life.at);
    let mut ask = || early.ask(&run).expect("an open connection goes on").status;
    assert_eq!(ask(), 200);
    let crowd: Vec<_> = (0..128).map(|_| TcpStream::connect(life.at).expect("the system accepts")).collect();
    let begun = Instant::now();
    while !life.said().iter().any(|line| line.contains("accept")) {
        assert!(begun.elapsed() < PATIENCE, "it runs out of files");
        assert_eq!(ask(), 200);
    }
    for _ in 0..50 {
        assert_eq!(ask(), 200);
        thread::sleep(Duration::from_millis(10));
    }
    drop(crowd);
    let reply = Client::new(life.at).ask(&run).expect("it accepts again");
    assert_eq!(reply.status, 200);
    // It tries again after a pause, or when a connection has ended.
    let refused = life.said().iter().filter(|line| line.contains("accept")).count();
    let most = 130 + begun.elapsed().as_millis() / 25;
    assert!(u128::try_from(refused).expect("it fits") < most, "{refused} tries without a pause");
}
