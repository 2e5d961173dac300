//! Ten thousand idempotency keys, each sent several times at once: each has one effect.

use std::{net::SocketAddr, thread};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    crowd::sound,
    dice::Dice,
    life::Birth,
    program::message_of,
    told::Told,
    wire::{Request, Response, Wire},
};

const KEYS: usize = 10_000;
const LANES: usize = 4;

/// Requests of a key at once, at most.
const COPIES: usize = 8;

/// Turns that a session of a lane takes.
const TURNS: u64 = 200;

#[test]
fn a_key_that_is_sent_many_times_at_once_has_one_effect() {
    let folder = TempDir::new().expect("a folder");
    // Connections that are not needed for a while are kept.
    let settings = &[("GRIMOIRE_KEYS_REQUESTS", "1000000"), ("GRIMOIRE_HTTP_HEAD_TIMEOUT", "10m")];
    let life = Birth { settings, ..Birth::on(folder.path()) }.live();
    let key = life.key.as_deref().expect("the store is new");
    let sessions: usize = thread::scope(|scope| {
        let lanes: Vec<_> =
            (0..LANES).map(|n| scope.spawn(move || Lane::new(n, life.at, key).go())).collect();
        lanes.into_iter().map(|lane| lane.join().expect("no panic")).sum()
    });
    assert_eq!(sound(folder.path()), sessions, "one for each key of a first turn");
}

/// Somebody who sends the same on several connections.
struct Lane<'a> {
    number: usize,
    key: &'a str,
    wires: Vec<Wire>,
    dice: Dice,
    /// The session that later turns go to.
    session: Option<Told>,
}

impl<'a> Lane<'a> {
    fn new(number: usize, at: SocketAddr, key: &'a str) -> Self {
        let seed = u64::try_from(number).expect("it fits");
        let wires = (0..COPIES).map(|_| Wire::open(at)).collect();
        Self { number, key, wires, dice: Dice::new(seed), session: None }
    }

    /// Uses its share of the keys up; gives how many sessions there must be.
    fn go(mut self) -> usize {
        let mut sessions = 0;
        for n in 0..KEYS / LANES {
            let at = self.session.take_if(|told| n % 2 == 1 || told.version > TURNS);
            let message = if n % 50 < 2 { "Swap 100 USDC to ETH on Uniswap" } else { "hello" };
            let (path, body) = match &at {
                Some(told) => {
                    // Also one that was written against a version is the same again once that is past.
                    let body = json!({"message": message, "version": told.version});
                    (format!("/v1/session/{}", told.session), body)
                }
                None => ("/v1/run".into(), message_of(message)),
            };
            let request = Request::new("POST", &path).key(self.key).json(&body);
            let request = request.header("idempotency-key", &format!("{}-{n}", self.number));
            let told = self.send(&request);
            match at {
                Some(before) => {
                    assert_eq!(told.session, before.session);
                    assert_eq!(told.version, before.version + 1, "one turn, and no other one in between");
                }
                None => {
                    sessions += 1;
                    assert_eq!(told.version, 1);
                }
            }
            self.session = Some(told);
        }
        sessions
    }

    /// Sends a request several times at once; gives what it was told, which is the same each time.
    fn send(&mut self, request: &Request) -> Told {
        let copies = if self.dice.roll(8) == 0 { 2 + self.dice.roll(COPIES - 1) } else { 2 };
        let wires = &mut self.wires[..copies];
        wires.iter_mut().for_each(|wire| wire.send(request.bytes()));
        let replies: Vec<Response> = wires.iter_mut().map(Wire::receive).collect();
        let (done, waiting): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
        assert!(waiting.iter().all(|reply| reply.problem() == "idempotency_in_progress"), "{waiting:?}");
        let first = done.first().expect("one is carried out");
        assert!(done.iter().all(|reply| reply.body == first.body), "{done:?}");
        let replayed = done.iter().filter(|reply| reply.header("idempotency-replayed").is_some()).count();
        assert_eq!(done.len() - replayed, 1, "one is carried out");
        if !waiting.is_empty() {
            wires[0].send(request.bytes());
            let again = wires[0].receive();
            assert_eq!((again.status, &again.body), (200, &first.body));
        }
        Told::by(&first.body)
    }
}
