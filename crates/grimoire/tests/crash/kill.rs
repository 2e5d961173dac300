//! kill -9 under load: nothing that was acknowledged is lost, and nothing is stuck.

use std::time::Duration;

use tempfile::TempDir;

use crate::{
    crowd::{Crowd, sound},
    dice::Dice,
    life::{Birth, SOON},
};

/// Of each of the two stores.
const CYCLES: usize = 75;

#[test]
fn kill_9_loses_nothing_acknowledged() {
    cycles(1);
}

#[test]
fn kill_9_loses_nothing_acknowledged_of_another_store() {
    cycles(2);
}

fn cycles(seed: u64) {
    let folder = TempDir::new().expect("a folder");
    let birth = Birth { settings: SOON, ..Birth::on(folder.path()) };
    let mut dice = Dice::new(seed);
    let mut life = birth.live();
    let mut crowd = Crowd::of(&life, seed, 5);
    let mut ready = Vec::new();
    for _ in 0..CYCLES {
        crowd.speak_until(1 + dice.roll(25), || life.kill());
        life = birth.live();
        ready.push(life.ready);
        sound(folder.path());
        crowd.meet(&life);
        assert_eq!(crowd.broken(), [""; 0]);
        crowd.forgive(&[]);
    }
    assert_eq!(crowd.conclude(), [""; 0]);
    crowd.count(folder.path());
    assert!(crowd.acks() > 5 * CYCLES, "{} acknowledgements are too few to lose any", crowd.acks());
    ready.sort_unstable();
    // A second on a quiet machine; this one may be busy.
    assert!(ready[CYCLES / 2] < Duration::from_secs(3), "{ready:?}");
}
