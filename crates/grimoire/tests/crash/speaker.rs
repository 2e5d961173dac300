//! A client that takes turn after turn, and remembers what came of each.
//!
//! What comes in: a server, again and again. What goes out: a [`Ledger`]. What it refuses to know: what happened to the
//! server in between.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    client::Client,
    dice::Dice,
    ledger::{Doubt, Ledger},
    program::message_of,
    told::{Heard, Told},
    wire::Request,
};

/// Conversations that are gone on with.
const RECENT: usize = 6;

/// One client.
pub(crate) struct Speaker {
    name: String,
    key: String,
    dice: Dice,
    pub(crate) client: Client,
    requests: u32,
    pub(crate) ledger: Ledger,
    /// Why requests were refused.
    pub(crate) refusals: Vec<String>,
}

/// Whether a turn was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Done,
    Refused,
    /// It is not known what came of it.
    Doubtful,
}

impl Speaker {
    pub(crate) fn new(seed: u64, key: &str, at: SocketAddr) -> Self {
        Self {
            name: format!("k{seed}"),
            key: key.into(),
            dice: Dice::new(seed),
            client: Client::new(at),
            requests: 0,
            ledger: Ledger::new(key),
            refusals: Vec::new(),
        }
    }

    /// Speaks to this server from now on, and holds it to what was said since the last one.
    pub(crate) fn meet(&mut self, at: SocketAddr) {
        self.client = Client::new(at);
        self.ledger.settle(&mut self.client);
        self.ledger.check(&mut self.client, false);
    }

    /// Finds out what came of everything, and holds the server to it.
    pub(crate) fn conclude(&mut self) {
        let settled = (0..400).any(|_| {
            let settled = self.ledger.settle(&mut self.client);
            if !settled {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            settled
        });
        if !settled {
            self.ledger.broken.push("a turn in doubt never comes to an end".into());
        }
        self.ledger.check(&mut self.client, true);
    }

    /// Takes a turn of some conversation.
    pub(crate) fn speak(&mut self) -> Said {
        let talks = &self.ledger.talks;
        let recent = talks.len().saturating_sub(RECENT)..talks.len();
        let free: Vec<usize> = recent.filter(|at| talks[*at].doubt.is_none()).collect();
        if free.is_empty() || self.dice.roll(3) == 0 {
            return self.begin();
        }
        let told = talks[free[self.dice.roll(free.len())]].told.clone();
        self.follow(&told)
    }

    fn begin(&mut self) -> Said {
        let messages = ["hello", "Move my USDC to a better yield", "Swap 100 USDC to ETH on Uniswap"];
        let mut body = message_of(messages[self.dice.roll(messages.len())]);
        body["stream"] = json!(self.dice.roll(3) == 0);
        let (request, keyed) = self.request("/v1/run", &body);
        match Heard::of(self.client.ask(&request)) {
            Heard::Done { told, body, stream } => {
                self.ledger.done(0, (told, body, stream), keyed);
                return Said::Done;
            }
            Heard::Refused(code) => return self.refused(code),
            Heard::Begun { session, stream } => {
                let told = Told::nothing(session);
                self.ledger.learn(told, Some(stream), Some(Doubt { begun: true, keyed }));
            }
            Heard::Perhaps => match keyed {
                Some(request) => self.ledger.open.push(request),
                None => self.ledger.stray += 1,
            },
        }
        Said::Doubtful
    }

    fn follow(&mut self, before: &Told) -> Said {
        let mut body = if before.state == "PREVIEW_READY" {
            json!({"message": format!("make it {}", 100 + self.dice.roll(900))})
        } else if before.asks_for_amount() {
            json!({"answers": {"venue": "aave_v3", "amount": 100 + self.dice.roll(900)}})
        } else {
            json!({"message": "Swap 5 USDC to ETH on Uniswap"})
        };
        body["stream"] = json!(self.dice.roll(3) == 0);
        if self.dice.roll(2) == 0 {
            body["version"] = json!(before.version);
        }
        let (request, keyed) = self.request(&format!("/v1/session/{}", before.session), &body);
        let (stream, begun) = match Heard::of(self.client.ask(&request)) {
            Heard::Done { told, body, stream } => {
                self.ledger.done(before.version, (told, body, stream), keyed);
                return Said::Done;
            }
            Heard::Refused(code) => return self.refused(code),
            Heard::Begun { stream, .. } => (Some(stream), true),
            Heard::Perhaps => (None, false),
        };
        self.ledger.learn(before.clone(), stream, Some(Doubt { begun, keyed }));
        Said::Doubtful
    }

    /// A request, and itself once more where it has a key.
    fn request(&mut self, path: &str, body: &Value) -> (Request, Option<Request>) {
        self.requests += 1;
        let request = Request::new("POST", path).key(&self.key).json(body);
        if self.dice.roll(2) == 0 {
            return (request, None);
        }
        let request = request.header("idempotency-key", &format!("{}-{}", self.name, self.requests));
        (request.clone(), Some(request))
    }

    fn refused(&mut self, code: String) -> Said {
        self.refusals.push(code);
        Said::Refused
    }
}
