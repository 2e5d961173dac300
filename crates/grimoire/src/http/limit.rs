//! How much one key may ask: so many requests in a while, so many at once.
//!
//! What comes in: a recognised caller. What goes out: leave to go on, or when to come back; either with the headers that
//! tell (draft-ietf-httpapi-ratelimit-headers). What it refuses to know: what is asked, and the other keys.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What each key may.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota {
    /// Requests in a window; as many at one stroke after a pause.
    pub(super) requests: u32,
    pub(super) window: Duration,
    /// Requests at once.
    pub(super) parallel: u32,
    /// Turns at once: a share of the places and of the line before them, so that one key leaves room for others.
    pub(super) turns: u32,
}

/// Every key that asked.
#[derive(Clone, Debug)]
pub(super) struct Limiter {
    quota: Quota,
    keys: Arc<Mutex<HashMap<String, Usage>>>,
}

#[derive(Clone, Copy, Debug)]
struct Usage {
    /// When all of the quota is there again (the theoretical arrival time of GCRA).
    full_at: Instant,
    running: u32,
    turns: u32,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There were too many; the next one may come in so many seconds.
    Rate(u64),
    /// Too many are under way.
    Parallel,
}

/// What is left of a key's quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    requests: u32,
    reset_secs: u64,
}

/// A request under way; dropped at the end of its response and its work.
#[derive(Debug)]
pub(super) struct Running {
    key: String,
    limiter: Limiter,
}

/// A turn under way; dropped at its end.
#[derive(Debug)]
pub(super) struct Turn {
    running: Arc<Running>,
}

impl Limiter {
    pub(super) fn new(quota: Quota) -> Self {
        Self { quota, keys: Arc::default() }
    }

    /// Lets a request in at a time, or says why not; and what is left.
    pub(super) fn admit(&self, key: &str, now: Instant) -> (Result<Running, Refusal>, Left) {
        let Quota { requests, window, parallel, .. } = self.quota;
        let each = window / requests;
        let mut keys = self.keys();
        let usage = keys.entry(key.to_owned()).or_insert(Usage { full_at: now, running: 0, turns: 0 });
        let used = usage.full_at.saturating_duration_since(now);
        let refusal = if used + each > window {
            Some(Refusal::Rate(ceil_secs(used + each - window)))
        } else if usage.running >= parallel {
            Some(Refusal::Parallel)
        } else {
            None
        };
        if refusal.is_none() {
            usage.full_at = now + used + each;
            usage.running += 1;
        }
        let used = usage.full_at.saturating_duration_since(now);
        let free = window.saturating_sub(used).as_nanos() / each.as_nanos().max(1);
        let left = Left {
            requests: u32::try_from(free).unwrap_or(requests).min(requests),
            reset_secs: ceil_secs(used),
        };
        drop(keys);
        let running = || Running { key: key.to_owned(), limiter: self.clone() };
        (refusal.map_or_else(|| Ok(running()), Err), left)
    }

    /// The `RateLimit-Policy` header.
    pub(super) fn policy(&self) -> String {
        format!("\"key\";q={};w={}", self.quota.requests, self.quota.window.as_secs())
    }

    /// Requests under way, all keys together.
    pub(super) fn running(&self) -> u64 {
        self.keys().values().map(|usage| u64::from(usage.running)).sum()
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<String, Usage>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// A turn of this request, where its key may have one more.
    pub(super) fn turn(self: Arc<Self>) -> Option<Turn> {
        let mut keys = self.limiter.keys();
        let usage = keys.get_mut(&self.key)?;
        if usage.turns >= self.limiter.quota.turns {
            return None;
        }
        usage.turns += 1;
        drop(keys);
        Some(Turn { running: self })
    }
}

impl Left {
    /// The `RateLimit` header.
    pub(super) fn header(self) -> String {
        format!("\"key\";r={};t={}", self.requests, self.reset_secs)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(usage) = self.limiter.keys().get_mut(&self.key) {
            usage.running = usage.running.saturating_sub(1);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(usage) = self.running.limiter.keys().get_mut(&self.running.key) {
            usage.turns = usage.turns.saturating_sub(1);
        }
    }
}

fn ceil_secs(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(requests: u32, secs: u64, parallel: u32) -> Limiter {
        Limiter::new(Quota { requests, window: Duration::from_secs(secs), parallel, turns: 2 })
    }

    fn admit(limiter: &Limiter, at: Instant) -> (Result<(), Refusal>, Left) {
        let (result, left) = limiter.admit("k", at);
        (result.map(drop), left)
    }

    #[test]
    fn a_quota_is_spent_and_comes_back() {
        let (limiter, begin) = (limiter(4, 8, 9), Instant::now());
        for requests in (0..4).rev() {
            let (result, left) = admit(&limiter, begin);
            assert_eq!((result, left.requests), (Ok(()), requests));
        }
        assert_eq!(admit(&limiter, begin).0, Err(Refusal::Rate(2)));
        assert_eq!(limiter.admit("other", begin).0.map(drop), Ok(()), "each key has its own");
        let later = begin + Duration::from_secs(2);
        assert_eq!(admit(&limiter, later), (Ok(()), Left { requests: 0, reset_secs: 8 }));
        assert_eq!(admit(&limiter, later).0, Err(Refusal::Rate(2)), "a refused one costs nothing");
        let rested = later + Duration::from_secs(100);
        assert_eq!(
            admit(&limiter, rested),
            (Ok(()), Left { requests: 3, reset_secs: 2 }),
            "no more is saved up"
        );
    }

    #[test]
    fn so_many_are_under_way_at_once() {
        let (limiter, now) = (limiter(100, 1, 2), Instant::now());
        let first = limiter.admit("k", now).0.expect("let in");
        let _second = limiter.admit("k", now).0.expect("let in");
        assert_eq!(admit(&limiter, now).0, Err(Refusal::Parallel));
        assert_eq!(limiter.running(), 2);
        drop(first);
        assert_eq!(admit(&limiter, now).0, Ok(()));
    }

    #[test]
    fn a_key_has_so_many_turns_at_once() {
        let (limiter, now) = (limiter(100, 1, 9), Instant::now());
        let running = |key| Arc::new(limiter.admit(key, now).0.expect("let in"));
        let first = running("k").turn().expect("a place");
        let _second = running("k").turn().expect("a place");
        assert!(running("k").turn().is_none());
        assert!(running("other").turn().is_some(), "each key has its own");
        drop(first);
        assert!(running("k").turn().is_some());
    }
}
