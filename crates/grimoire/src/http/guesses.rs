//! How many bad keys an address may show: so many in a while, then it is told to wait.
//!
//! What comes in: where a connection comes from, and that its key was bad. What goes out: whether to answer as usual, or
//! when to come back. What it refuses to know: keys; a good one is let in whatever its address did, since others may
//! share that address, and 256 random bits are not guessed.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Where a connection comes from: an IPv4 address, or the IPv6 network of 64 bits that one customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer(IpAddr);

impl Peer {
    pub(super) fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.into()),
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into()),
        }
    }
}

/// Addresses that are remembered at most. Those beyond share one account.
const MOST: usize = 65_536;

/// The account of all that find no room.
const REST: Peer = Peer(IpAddr::V6(Ipv6Addr::UNSPECIFIED));

/// Every address that showed a bad key lately.
#[derive(Debug)]
pub(super) struct Guesses {
    each: Duration,
    window: Duration,
    /// When all of an address's failures are forgotten.
    clear_at: Mutex<HashMap<Peer, Instant>>,
}

impl Guesses {
    /// So many bad keys in a window; as many at one stroke after a pause.
    pub(super) fn new(failures: u32, window: Duration) -> Self {
        Self { each: window / failures, window, clear_at: Mutex::default() }
    }

    /// Notes a bad key; in how many seconds the next one is answered as usual, where this one was one too many.
    pub(super) fn note(&self, peer: Peer, now: Instant) -> Option<u64> {
        let mut all = self.clear_at.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(&peer) {
            all.retain(|_, clear_at| *clear_at > now);
        }
        let peer = if all.len() >= MOST && !all.contains_key(&peer) { REST } else { peer };
        let clear_at = all.entry(peer).or_insert(now);
        let used = clear_at.saturating_duration_since(now) + self.each;
        if used > self.window {
            let wait = used - self.window;
            return Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
        }
        *clear_at = now + used;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> Peer {
        Peer::at(text.parse().expect("an address"))
    }

    #[test]
    fn failures_are_counted_and_forgotten() {
        let (guesses, begin) = (Guesses::new(3, Duration::from_secs(9)), Instant::now());
        let one = peer("192.0.2.1");
        for _ in 0..3 {
            assert_eq!(guesses.note(one, begin), None);
        }
        assert_eq!(guesses.note(one, begin), Some(3));
        assert_eq!(guesses.note(peer("192.0.2.2"), begin), None, "each address has its own account");
        let later = begin + Duration::from_secs(3);
        assert_eq!(guesses.note(one, later), None);
        assert_eq!(guesses.note(one, later), Some(3));
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::ffff:1"));
        assert_ne!(peer("2001:db8::1"), peer("2001:db8:0:1::1"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
    }

    #[test]
    fn memory_is_bounded() {
        let (guesses, now) = (Guesses::new(2, Duration::from_secs(2)), Instant::now());
        let most = u32::try_from(MOST).expect("it is small");
        for number in 0..most + 10 {
            guesses.note(Peer::at(std::net::Ipv4Addr::from_bits(number).into()), now);
        }
        assert!(guesses.clear_at.lock().expect("no panic holds it").len() <= MOST + 1);
        let strangers = [peer("198.51.100.1"), peer("198.51.100.2")].map(|p| guesses.note(p, now));
        assert!(strangers.iter().all(Option::is_some), "those without room share an account");
        let later = now + Duration::from_secs(60);
        assert_eq!(guesses.note(peer("198.51.100.3"), later), None, "what is over is forgotten");
    }
}
