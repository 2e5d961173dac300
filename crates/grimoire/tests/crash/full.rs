//! A full disk: nothing is written, everything can be read, and it goes on once there is room.

use tempfile::TempDir;

use crate::{
    crowd::Crowd,
    disk::{CHANGES, Disk, Word},
    life::{Birth, SOON},
    program::message_of,
    told::Heard,
    wire::Request,
};

#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::under(folder.path());
    let birth = Birth { disk: Some(&disk), settings: SOON, ..Birth::on(folder.path()) };
    let mut life = birth.live();
    let mut crowd = Crowd::of(&life, 4, 3);
    let key = life.key.clone().expect("the store is new");
    let run = Request::new("POST", "/v1/run").key(&key).json(&message_of("hello"));
    for budget in (0..12).map(|round| round * 6_007) {
        disk.set(Word::Budget, budget);
        crowd.speak_until(usize::MAX, || {});
        let refused: Vec<&String> = crowd.speakers.iter().flat_map(|s| &s.refusals).collect();
        assert!(refused.iter().all(|code| *code == "storage_full"), "{refused:?}");
        crowd.forgive(&["storage_full"]);
        // Full for good: what a large transaction left free may still take a small one, such as a turn's beginning.
        let client = &mut crowd.speakers[0].client;
        let said = (0..50).find_map(|_| match Heard::of(client.ask(&run)) {
            Heard::Refused(code) => Some(code),
            Heard::Done { .. } | Heard::Perhaps => None,
            begun @ Heard::Begun { .. } => panic!("{begun:?}"),
        });
        assert_eq!(said.as_deref(), Some("storage_full"));
        for speaker in &mut crowd.speakers {
            speaker.ledger.check(&mut speaker.client, true);
        }
        assert_eq!(crowd.broken(), [""; 0], "everything can be read");
        disk.set(Word::Budget, u64::MAX);
        assert_eq!(crowd.conclude(), [""; 0], "it goes on without a restart");
        for speaker in &mut crowd.speakers {
            speaker.speak();
            assert_eq!(speaker.refusals, [""; 0]);
        }
    }
    life.signal("-TERM");
    assert!(life.end().is_some_and(|status| status.success()));
    disk.watch(CHANGES);
    let life = birth.live();
    crowd.meet(&life);
    assert_eq!(crowd.conclude(), [""; 0]);
}
