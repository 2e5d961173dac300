//! How many sessions a partner may have that have not expired.
//!
//! What comes in: who wants one more. What goes out: leave, or not. What it refuses to know: what the sessions are about.
//!
//! They are counted in the store now and then, and those begun here since are added: a store that many processes share
//! may hold a few more.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Seconds for which a count is good.
const GOOD_FOR: i64 = 10;

/// What each partner has.
#[derive(Debug)]
pub(super) struct Room {
    most: i64,
    counts: Mutex<HashMap<String, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    live: i64,
    counted_at: i64,
}

impl Room {
    pub(super) fn new(most: i64) -> Self {
        Self { most, counts: Mutex::default() }
    }

    /// How many a partner may have.
    pub(super) fn most(&self) -> i64 {
        self.most
    }

    /// Takes room for one more; nothing when they must be counted first.
    pub(super) fn take(&self, partner: &str, now: i64) -> Option<bool> {
        let mut counts = self.counts();
        let count = counts.get_mut(partner)?;
        // A clock that was set back makes a count old as well.
        if !(count.counted_at..count.counted_at + GOOD_FOR).contains(&now) {
            return None;
        }
        let is_room = count.live < self.most;
        count.live += i64::from(is_room);
        Some(is_room)
    }

    /// Notes how many there are.
    pub(super) fn counted(&self, partner: &str, live: i64, now: i64) {
        self.counts().insert(partner.to_owned(), Count { live, counted_at: now });
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_until_there_is_none() {
        let room = Room::new(3);
        assert_eq!(room.take("a", 100), None, "nobody has counted");
        room.counted("a", 1, 100);
        let taken: Vec<_> = (0..3).map(|_| room.take("a", 101)).collect();
        assert_eq!(taken, [Some(true), Some(true), Some(false)]);
        assert_eq!(room.take("b", 101), None, "each has its own");
        assert_eq!(room.take("a", 100 + GOOD_FOR), None, "a count grows old");
        assert_eq!(room.take("a", 99), None, "a clock was set back");
        room.counted("a", 0, 120);
        assert_eq!(room.take("a", 120), Some(true));
    }
}
