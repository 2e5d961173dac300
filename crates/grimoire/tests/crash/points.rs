//! A crash at each write: right before it, in the middle of it, right after it.

use std::path::Path;

use tempfile::TempDir;

use crate::{
    client::Client,
    crowd::sound,
    disk::{Action, CHANGES, Disk, Word},
    life::{Birth, Dead, Life, SOON},
    speaker::{Said, Speaker},
    wire::Request,
};

/// Points of each kind, spread over what a life writes.
const POINTS: u64 = 54;

/// Turns of a life.
const TURNS: usize = 6;

#[test]
fn a_crash_right_before_a_write_loses_nothing() {
    crash_at_points(Action::KillBefore);
}

#[test]
fn a_crash_in_the_middle_of_a_write_loses_nothing() {
    crash_at_points(Action::KillAmid);
}

#[test]
fn a_crash_right_after_a_write_loses_nothing() {
    crash_at_points(Action::KillAfter);
}

fn crash_at_points(action: Action) {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::under(folder.path());
    let birth = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) };
    let life = birth.live();
    let key = life.key.as_deref().expect("the store is new");
    let mut speaker = Speaker::new(action as u64, key, life.at);
    disk.watch(CHANGES);
    talk(life, &mut speaker);
    let whole = disk.get(Word::Calls);
    assert!(whole > POINTS, "a life has {whole} writes: the shim sees too few");
    let mut crashes = 0;
    for point in 0..POINTS {
        // From its first call on: what a start writes counts too.
        disk.at(CHANGES, 1 + point * whole / POINTS, action);
        if let Ok(life) = birth.attempt() {
            speaker.meet(life.at);
            talk(life, &mut speaker);
        }
        crashes += disk.get(Word::Fired);
    }
    assert!(crashes >= 50, "only {crashes} crashes");
    disk.watch(CHANGES);
    let life = birth.live();
    speaker.meet(life.at);
    speaker.conclude();
    assert_eq!(speaker.ledger.broken, [""; 0]);
    assert_eq!(speaker.refusals, [""; 0]);
    let (found, known) = (sound(folder.path()), speaker.ledger.talks.len());
    assert!((known..=known + speaker.ledger.stray).contains(&found), "{found} sessions, {known} known");
}

/// Some turns, and the server's end.
fn talk(mut life: Life, speaker: &mut Speaker) {
    if (0..TURNS).all(|_| speaker.speak() != Said::Doubtful) {
        life.signal("-TERM");
    }
    assert!(life.end().is_some(), "it ends");
}

#[test]
fn a_crash_while_the_store_is_made_leaves_one_that_is_made_to_the_end() {
    let whole = {
        let folder = TempDir::new().expect("a folder");
        let disk = Disk::under(folder.path());
        drop(Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) }.live());
        disk.get(Word::Calls)
    };
    let actions =
        [Action::KillBefore, Action::KillAmid, Action::KillAfter, Action::CutBefore, Action::CutAmid];
    for (point, action) in (0..).zip(actions.iter().cycle()).take(15) {
        let folder = TempDir::new().expect("a folder");
        let disk = Disk::under(folder.path());
        disk.set(Word::Track, 1);
        disk.at(CHANGES, 1 + point * whole / 15, *action);
        let dead = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) }.attempt().err();
        assert_eq!(disk.get(Word::Fired), 1, "{point} of {whole}");
        let dead = dead.expect("the crash comes first");
        made_to_the_end(folder.path(), &dead);
    }
}

/// A key that was shown is good; without one, a key can be made.
fn made_to_the_end(folder: &Path, dead: &Dead) {
    let life = Birth::on(folder).live();
    let key = match (&dead.key, &life.key) {
        (Some(shown), None) | (None, Some(shown)) => shown.clone(),
        (None, None) => {
            let made = crate::program::run(folder, &["keys", "create", "--partner", "demo"]);
            made.out.trim().to_owned()
        }
        both => panic!("two keys are shown: {both:?}"),
    };
    let catalog = Client::new(life.at).ask(&Request::new("GET", "/v1/catalog").key(&key));
    assert_eq!(catalog.expect("it answers").status, 200, "{dead}");
    sound(folder);
}
