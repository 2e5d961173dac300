//! A disk that fails: it is told as what it is, and never as done.

use tempfile::TempDir;

use crate::{
    client::Client,
    crowd::sound,
    disk::{CHANGES, Disk, EIO, ENOSPC, FOREVER, READ, SYNC, WRITE, Word},
    life::{Birth, SOON},
    program::message_of,
    speaker::{Said, Speaker},
    wire::Request,
};

#[test]
fn a_disk_that_fails_is_told_as_what_it_is() {
    for (kind, error, run, look) in [
        (SYNC, EIO, "commit_unknown", 200),
        (WRITE, EIO, "commit_unknown", 200),
        (WRITE, ENOSPC, "storage_full", 200),
        (READ, EIO, "storage_failed", 503),
    ] {
        let folder = TempDir::new().expect("a folder");
        let disk = Disk::under(folder.path());
        let life = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) }.live();
        let key = life.key.as_deref().expect("the store is new");
        let mut client = Client::new(life.at);
        let mut hello = |disk_is: &str| {
            let request = Request::new("POST", "/v1/run").key(key).json(&message_of("hello"));
            client.ask(&request).unwrap_or_else(|| panic!("an answer while the disk is {disk_is}"))
        };
        let first: serde_json::Value = serde_json::from_str(&hello("good").body).expect("JSON");
        let path = format!("/v1/session/{}", first["session_id"].as_str().expect("an id"));
        disk.fail(kind, 1, FOREVER, error);
        let said = hello("bad");
        assert_eq!((said.status, said.code().as_str()), (503, run), "{kind}");
        assert!(disk.get(Word::Fired) > 0);
        let mut other = Client::new(life.at);
        let looked = other.ask(&Request::new("GET", &path).key(key)).expect("an answer");
        assert_eq!(looked.status, look, "{kind}: {looked:?}");
        assert!(look == 200 || looked.code() == "storage_failed", "{kind}: {looked:?}");
        disk.watch(CHANGES);
        assert_eq!(hello("good").status, 200, "{kind}: it goes on once the disk does");
    }
}

#[test]
fn of_a_sync_that_fails_nothing_wrong_is_told() {
    fail_at_each(SYNC);
}

#[test]
fn of_a_write_that_fails_nothing_wrong_is_told() {
    fail_at_each(WRITE);
}

#[test]
fn of_a_read_that_fails_nothing_wrong_is_told() {
    fail_at_each(READ);
}

fn fail_at_each(kind: u64) {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::under(folder.path());
    let birth = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) };
    let mut life = birth.live();
    let key = life.key.clone().expect("the store is new");
    let mut speaker = Speaker::new(kind, &key, life.at);
    let mut fired = 0;
    for n in 1..=50 {
        disk.fail(kind, n, 1, EIO);
        let failed = (0..100).find(|_| {
            let said = speaker.speak();
            let hit = disk.get(Word::Fired) > 0;
            assert!(hit || said == Said::Done, "{n}: {said:?} for no reason: {:?}", speaker.refusals);
            hit
        });
        assert!(failed.is_some(), "{n}: it never failed");
        fired += disk.get(Word::Fired);
        disk.watch(CHANGES);
        if n % 10 == 0 {
            // What came of it is found in the files alone.
            life.kill();
            life = birth.live();
            speaker.meet(life.at);
        } else {
            speaker.ledger.settle(&mut speaker.client);
            speaker.ledger.check(&mut speaker.client, false);
        }
        assert_eq!(speaker.ledger.broken, [""; 0], "{n}");
        let told = ["storage_failed", "session_busy", "idempotency_in_progress"];
        assert!(speaker.refusals.iter().all(|code| told.contains(&code.as_str())), "{:?}", speaker.refusals);
    }
    assert_eq!(fired, 50);
    speaker.conclude();
    assert_eq!(speaker.ledger.broken, [""; 0]);
    assert!(sound(folder.path()) <= speaker.ledger.talks.len() + speaker.ledger.stray);
}
