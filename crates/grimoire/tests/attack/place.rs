//! Where cases happen: a serving binary with two partners, and what a case's names stand for.
//!
//! What comes in: settings; names such as `SID_A` and `KEY_B`. What goes out: a server, and values: sessions are made when
//! a case first names them. What it refuses to know: what is tried with them.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    program::Server,
    wire::{Request, Response},
};

/// How many names that stand for nothing else were given out.
static UNIQUE: AtomicUsize = AtomicUsize::new(0);

/// A server with two partners.
pub(crate) struct Place {
    pub(crate) server: Server,
    key_b: String,
    /// A key that is good for a second only.
    expiring: String,
}

/// The names of one case.
pub(crate) struct Names<'a> {
    place: &'a Place,
    known: RefCell<BTreeMap<String, String>>,
}

impl Place {
    pub(crate) fn open(settings: &[(String, String)]) -> Self {
        let settings: Vec<(&str, &str)> = settings.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let server = Server::start_with(&settings);
        let key_b = server.another_partner("other");
        let made = server.command(&["keys", "create", "--partner", "demo", "--expires", "1s"]);
        Self { server, key_b, expiring: made.out.trim().to_owned() }
    }

    /// A conversation begun by a partner.
    pub(crate) fn begin(&self, key: &str, partner: &str, message: &str) -> Value {
        let body =
            json!({"partner_id": partner, "user_message": message, "user_context": {"chain": "ethereum"}});
        self.server.ask(&Request::new("POST", "/v1/run").key(key).json(&body)).json()
    }

    /// How a session stands, as its owner sees it.
    pub(crate) fn look(&self, whose: &str, id: &str) -> Response {
        let key = if whose == "B" { &self.key_b } else { &self.server.key };
        self.server.ask(&Request::new("GET", &format!("/v1/session/{id}")).key(key))
    }

    /// The process's memory in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.server.pid())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
    }
}

impl<'a> Names<'a> {
    pub(crate) fn new(place: &'a Place) -> Self {
        Self { place, known: RefCell::default() }
    }

    pub(crate) fn keep(&self, name: &str, value: String) {
        self.known.borrow_mut().insert(name.to_owned(), value);
    }

    /// What was kept, or made, under a name so far.
    pub(crate) fn known(&self, name: &str) -> Option<String> {
        self.known.borrow().get(name).cloned()
    }

    /// What a name stands for; makes it when it is not there yet.
    pub(crate) fn value(&self, name: &str) -> String {
        if let Some(value) = self.known(name) {
            return value;
        }
        let value = self.made(name);
        self.keep(name, value.clone());
        value
    }

    fn made(&self, name: &str) -> String {
        let server = &self.place.server;
        let parts = |key: &str, n: usize| key.split('_').nth(n).unwrap_or_default().to_owned();
        if let Some((first, added)) = name.split_once('+') {
            return self.shifted(first, added.parse().expect("a number"));
        }
        if let Some((first, taken)) = name.split_once('-') {
            return self.shifted(first, -taken.parse::<i64>().expect("a number"));
        }
        if let Some((first, "UPPER")) = name.split_once(':') {
            return self.value(first).to_uppercase();
        }
        if let Some((first, "ID")) = name.split_once(':') {
            return parts(&self.value(first), 1);
        }
        match name {
            "PARTNER_A" => "demo".into(),
            "PARTNER_B" => "other".into(),
            "KEY_A" => server.key.clone(),
            "KEY_B" => self.place.key_b.clone(),
            "KEY_ID_A" => parts(&server.key, 1),
            "SECRET_B" => parts(&self.place.key_b, 2),
            "KEY_EXPIRED" => {
                let get = Request::new("GET", "/v1/catalog").key(&self.place.expiring);
                while server.ask(&get).status == 200 {
                    thread::sleep(Duration::from_millis(50));
                }
                self.place.expiring.clone()
            }
            "UNIQUE" => format!("unique-{}", UNIQUE.fetch_add(1, Ordering::Relaxed)),
            "NOBODY" => "sess_00000000000000000000000000".into(),
            "SID_A" | "V" => {
                self.session("SID_A", "V", &server.key, "demo", "Swap USDC to ETH on Uniswap");
                self.value(name)
            }
            "SID_B" | "V_B" => {
                let key = self.place.key_b.clone();
                self.session("SID_B", "V_B", &key, "other", "Swap USDC to ETH on Uniswap");
                self.value(name)
            }
            "SID_READY" | "V_READY" => {
                self.session("SID_READY", "V_READY", &server.key, "demo", "Swap 100 USDC to ETH on Uniswap");
                self.value(name)
            }
            _ => panic!("{{{{{name}}}}} stands for nothing"),
        }
    }

    fn shifted(&self, name: &str, by: i64) -> String {
        (self.value(name).parse::<i64>().expect("a number") + by).to_string()
    }

    fn session(&self, id: &str, version: &str, key: &str, partner: &str, message: &str) {
        let begun = self.place.begin(key, partner, message);
        self.keep(id, begun["session_id"].as_str().expect("a session").to_owned());
        self.keep(version, begun["version"].to_string());
    }
}
