//! The power goes: what was not synced is lost, and nothing that was acknowledged.

use tempfile::TempDir;

use crate::{
    crowd::Crowd,
    dice::Dice,
    disk::{Action, CHANGES, Disk, EIO, SYNC, WAL, Word},
    life::{Birth, SOON},
};

/// Of each of the two stores.
const CUTS: usize = 27;

const CUTTING: [Action; 3] = [Action::CutBefore, Action::CutAmid, Action::CutAfter];

#[test]
fn a_power_cut_loses_nothing_acknowledged() {
    cuts(1, false);
}

#[test]
fn a_power_cut_after_a_sync_that_failed_loses_nothing_acknowledged() {
    cuts(2, true);
}

fn cuts(seed: u64, failing: bool) {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::under(folder.path());
    disk.set(Word::Track, 1);
    disk.set(Word::Seed, seed);
    let birth = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) };
    let mut dice = Dice::new(seed);
    let life = birth.live();
    let mut crowd = Crowd::of(&life, seed, 3);
    drop(life);
    let mut fired = 0;
    for cut in 0..CUTS {
        // All of what was not synced is forgotten, or what luck decides of it.
        disk.set(Word::Keep, u64::from(cut % 3 != 0));
        let action = CUTTING[dice.roll(CUTTING.len())];
        let far = u64::try_from(1 + dice.roll(200)).expect("it fits");
        match cut % 4 {
            // While it starts, or soon after that.
            0 => disk.at(CHANGES, 1 + far / 8, action),
            _ => disk.watch(CHANGES),
        }
        let Ok(life) = birth.attempt() else {
            fired += disk.get(Word::Fired);
            continue;
        };
        crowd.meet(&life);
        assert_eq!(crowd.broken(), [""; 0], "after {cut} cuts");
        if failing && cut % 4 != 0 {
            disk.fail(SYNC, 1 + far / 16, 1, EIO);
            crowd.speak(8);
            crowd.forgive(&["storage_failed", "session_busy", "idempotency_in_progress"]);
        }
        match cut % 4 {
            0 => crowd.speak_until(usize::MAX, || {}),
            // While it ends: what is in the log goes to the database.
            1 => crowd.speak_until(1 + dice.roll(10), || {
                disk.at(CHANGES, 1 + far / 5, action);
                life.signal("-TERM");
            }),
            _ => {
                disk.at(CHANGES, far, action);
                crowd.speak_until(usize::MAX, || {});
            }
        }
        let mut life = life;
        assert!(life.end().is_some(), "it ends");
        fired += disk.get(Word::Fired);
    }
    assert!(fired >= 25, "only {fired} cuts");
    disk.watch(CHANGES);
    let life = birth.live();
    crowd.meet(&life);
    assert_eq!(crowd.conclude(), [""; 0]);
    crowd.count(folder.path());
}

/// What `synchronous=NORMAL` would do: these tests must see it.
#[test]
fn a_log_that_is_not_synced_is_seen_to_lose_what_was_acknowledged() {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::under(folder.path());
    disk.set(Word::Track, 1);
    let birth = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) };
    let life = birth.live();
    let mut crowd = Crowd::of(&life, 3, 3);
    disk.set(Word::Blind, WAL);
    disk.at(CHANGES, 150, Action::CutBefore);
    crowd.speak_until(usize::MAX, || {});
    assert_eq!(disk.get(Word::Fired), 1);
    assert!(crowd.acks() > 3);
    drop(life);
    disk.watch(CHANGES);
    let life = birth.live();
    crowd.meet(&life);
    assert!(crowd.broken().len() > 3, "{:?} of {}", crowd.broken(), crowd.acks());
}
