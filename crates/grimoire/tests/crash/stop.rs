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

/// Takes some time to be computed.
const LONG: &str = "Swap 1 ETH to USDC on Uniswap, then swap 100 USDC to DAI on Uniswap, then swap 50 DAI to ETH on \
                    Uniswap, then swap 200 USDC to ETH on Uniswap, then swap 300 USDC to DAI on Uniswap";

/// Two processes on one store.
struct Pair {
    stale: Life,
    other: Life,
    key: String,
    _folder: TempDir,
}

impl Pair {
    fn begin() -> Self {
        let folder = TempDir::new().expect("a folder");
        let birth = Birth { settings: SOON, ..Birth::on(folder.path()) };
        let (stale, other) = (birth.live(), birth.live());
        let key = stale.key.clone().expect("the store is new");
        Self { stale, other, key, _folder: folder }
    }

    fn ask(&self, of: &Life, method: &str, path: &str, body: Option<&Value>) -> Option<Reply> {
        let request = Request::new(method, path).key(&self.key);
        let request = body.map_or(request.clone(), |body| request.json(body));
        Client::new(of.at).ask(&request)
    }

    /// How a process shows a session; nothing when it cannot, as while another one that stands still holds a lock.
    fn look(&self, of: &Life, path: &str) -> Option<Told> {
        let reply = self.ask(of, "GET", path, None)?;
        (reply.status == 200).then(|| Told::by(&reply.body))
    }

    /// Stops a process in the middle of a turn, does something meanwhile with the session's path, lets it go on; gives
    /// what the process answers.
    fn held_up(&self, body: &Value, name: Option<&str>, meanwhile: impl Fn(&str)) -> (String, Heard) {
        let hello = message_of("hello");
        for attempt in 0..60 {
            let begun = self.ask(&self.stale, "POST", "/v1/run", Some(&hello)).expect("an answer");
            let path = format!("/v1/session/{}", Told::by(&begun.body).session);
            let request = Request::new("POST", &path).key(&self.key).json(body);
            let request = name.iter().fold(request, |request, name| {
                request.header("idempotency-key", &format!("{name}-{attempt}"))
            });
            let answer = thread::scope(|scope| {
                let asking = scope.spawn(|| Client::new(self.stale.at).ask(&request));
                let waits = |told: Told| told.version == 1 && !told.is_working();
                while !asking.is_finished() && self.look(&self.other, &path).is_some_and(waits) {}
                self.stale.signal("-STOP");
                // It may have come to its end before, or have stopped while it keeps others from writing.
                let amid = self.look(&self.other, &path).is_some_and(|told| told.is_working())
                    && self
                        .ask(&self.other, "POST", "/v1/run", Some(&hello))
                        .is_some_and(|r| r.status == 200);
                if amid {
                    meanwhile(&path);
                }
                self.stale.signal("-CONT");
                let answer = asking.join().expect("no panic");
                amid.then(|| Heard::of(answer))
            });
            if let Some(heard) = answer {
                return (path, heard);
            }
        }
        panic!("it was never stopped in the middle of a turn");
    }

    /// Waits until the other process has taken a turn over and ended it.
    fn taken_over(&self, path: &str) {
        let begun = Instant::now();
        while self.look(&self.other, path).is_none_or(|told| told.version < 2) {
            assert!(begun.elapsed() < PATIENCE, "it is taken over");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_worker_that_was_held_up_longer_than_its_lease_answers_with_what_another_committed() {
    let pair = Pair::begin();
    for (stream, name) in [(false, None), (false, Some("a")), (true, None), (true, Some("b"))] {
        let body = json!({"message": LONG, "stream": stream});
        let (path, heard) = pair.held_up(&body, name, |path| pair.taken_over(path));
        let Heard::Done { told, .. } = heard else { panic!("{stream} {name:?}: {heard:?}") };
        for life in [&pair.stale, &pair.other] {
            assert_eq!(pair.look(life, &path).as_ref(), Some(&told), "{stream} {name:?}");
        }
    }
}

#[test]
fn a_worker_that_was_held_up_cannot_commit_over_another_turn() {
    let pair = Pair::begin();
    let (path, heard) = pair.held_up(&json!({"message": LONG}), None, |path| {
        let body = json!({"message": "Swap 5 USDC to ETH on Uniswap", "version": 1});
        let begun = Instant::now();
        loop {
            let reply = pair.ask(&pair.other, "POST", path, Some(&body)).expect("an answer");
            if reply.status == 200 {
                break;
            }
            assert_eq!(reply.code(), "session_busy");
            assert!(begun.elapsed() < PATIENCE, "the lease runs out");
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert!(matches!(&heard, Heard::Refused(code) if code == "version_conflict"), "{heard:?}");
    let reply = pair.ask(&pair.stale, "GET", &path, None).expect("an answer");
    let document: Value = serde_json::from_str(&reply.body).expect("JSON");
    let action = &document["latest_preview"]["action_plan"]["actions"][0]["params"]["amount_in"];
    assert_eq!((&document["version"], action), (&json!(2), &json!("5")));
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
