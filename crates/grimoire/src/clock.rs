//! What time it is.
//!
//! What comes in: nothing. What goes out: seconds since 1970. What it refuses to know: time zones, fractions.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// Tells the time; passed to whatever needs it, so that a test can set it.
pub trait Clock: Send + Sync {
    /// Seconds since 1970; never less than it said before.
    fn now(&self) -> i64;
}

/// The machine's clock, held where it is when the machine's jumps back.
#[derive(Debug, Default)]
pub struct SystemClock {
    latest: AtomicU64,
}

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        i64::try_from(self.latest.fetch_max(secs, Ordering::Relaxed).max(secs)).unwrap_or(i64::MAX)
    }
}
