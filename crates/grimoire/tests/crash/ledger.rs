//! What one client was told, and whether the server stands by it.
//!
//! What comes in: what was heard of each request. What goes out: every promise the server broke. What it refuses to
//! know: what happened to the server in between.

use crate::{
    client::Client,
    told::{Heard, Stream, Told},
    wire::Request,
};

/// A conversation as its client knows it.
pub(crate) struct Talk {
    pub(crate) told: Told,
    /// The stream of the last turn, where it had one.
    pub(crate) stream: Option<Stream>,
    /// A turn of which it is not known what came.
    pub(crate) doubt: Option<Doubt>,
    checked: bool,
}

/// What is known of a turn nevertheless.
#[derive(Clone)]
pub(crate) struct Doubt {
    /// Whether it was seen to begin: then it comes to its end.
    pub(crate) begun: bool,
    /// What to ask again, where it has a key.
    pub(crate) keyed: Option<Request>,
}

/// A result that is given again under its key.
struct Kept {
    request: Request,
    body: String,
    checked: bool,
}

#[derive(Default)]
pub(crate) struct Ledger {
    key: String,
    pub(crate) talks: Vec<Talk>,
    kept: Vec<Kept>,
    /// First turns with a key and without a result.
    pub(crate) open: Vec<Request>,
    /// First turns without a key of which it is not known what came.
    pub(crate) stray: usize,
    /// How many turns were acknowledged.
    pub(crate) acks: usize,
    /// Promises the server broke.
    pub(crate) broken: Vec<String>,
}

impl Ledger {
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// Notes what was told, of a session that is known already or of a new one.
    pub(crate) fn learn(&mut self, told: Told, stream: Option<Stream>, doubt: Option<Doubt>) {
        let talk = Talk { told, stream, doubt, checked: false };
        match self.talks.iter_mut().find(|known| known.told.session == talk.told.session) {
            Some(known) => *known = talk,
            None => self.talks.push(talk),
        }
    }

    /// Notes a turn that was done on a session of the version before.
    pub(crate) fn done(
        &mut self,
        before: u64,
        (told, body, stream): (Told, String, Option<Stream>),
        keyed: Option<Request>,
    ) {
        self.acks += 1;
        if told.version != before + 1 || told.is_working() {
            self.broken.push(format!("a turn on version {before} is told as {told:?}"));
        }
        self.kept.extend(keyed.map(|request| Kept { request, body, checked: false }));
        self.learn(told, stream, None);
    }

    /// Finds out what came of turns in doubt; `true` once that is known of all.
    pub(crate) fn settle(&mut self, client: &mut Client) -> bool {
        for request in std::mem::take(&mut self.open) {
            match Heard::of(client.ask(&request)) {
                Heard::Done { told, body, stream } => self.done(0, (told, body, stream), Some(request)),
                _ => self.open.push(request),
            }
        }
        for at in 0..self.talks.len() {
            let Some(doubt) = self.talks[at].doubt.clone() else { continue };
            match doubt.keyed {
                Some(request) => self.settle_keyed(client, at, request),
                None => self.settle_by_look(client, at, doubt.begun),
            }
        }
        self.open.is_empty() && self.talks.iter().all(|talk| talk.doubt.is_none())
    }

    fn settle_keyed(&mut self, client: &mut Client, at: usize, request: Request) {
        let talk = &self.talks[at];
        let (session, before, cut) = (talk.told.session.clone(), talk.told.version, talk.stream.clone());
        let Heard::Done { told, body, stream } = Heard::of(client.ask(&request)) else { return };
        if told.session != session {
            self.broken.push(format!("what {session} was asked was done by {told:?}"));
            self.talks[at].doubt = None;
        }
        if cut.is_some_and(|cut| !body.starts_with(&cut.bytes)) {
            self.broken.push(format!("a stream of {session} went on as another one"));
        }
        self.done(before, (told, body, stream), Some(request));
    }

    fn settle_by_look(&mut self, client: &mut Client, at: usize, begun: bool) {
        let Some(now) = self.look(client, at) else { return };
        let talk = &mut self.talks[at];
        if now.is_working() {
            return;
        }
        let before = talk.told.version;
        if now.version != before + 1 && (begun || now.version != before) {
            self.broken.push(format!("a turn on version {before} (begun: {begun}) left {now:?}"));
        }
        talk.doubt = None;
        talk.told = now;
        talk.checked = false;
    }

    /// How a session stands; nothing when the server does not answer, or it is lost.
    fn look(&mut self, client: &mut Client, at: usize) -> Option<Told> {
        let talk = &mut self.talks[at];
        let request = Request::new("GET", &format!("/v1/session/{}", talk.told.session)).key(&self.key);
        let reply = client.ask(&request)?;
        match (reply.status, reply.whole) {
            (200, true) => Some(Told::by(&reply.body)),
            (_, false) => None,
            (status, _) => {
                let lost = format!("instead of {:?}: {status} {}", talk.told, reply.code());
                self.broken.push(lost);
                talk.doubt = None;
                None
            }
        }
    }

    /// Holds that of turns in doubt nothing was done, and that no stream was cut off.
    pub(crate) fn undone(&mut self, client: &mut Client) {
        for at in 0..self.talks.len() {
            let talk = &self.talks[at];
            let (Some(doubt), before) = (talk.doubt.clone(), talk.told.version) else { continue };
            let Some(now) = self.look(client, at) else { continue };
            if doubt.begun || now.version != before || now.is_working() {
                self.broken.push(format!("a turn on version {before} was cut off: {now:?}"));
            }
        }
    }

    /// Holds the server to what it said since the last time, or to everything.
    pub(crate) fn check(&mut self, client: &mut Client, all: bool) {
        for at in 0..self.talks.len() {
            let talk = &self.talks[at];
            if talk.doubt.is_some() || (talk.checked && !all) {
                continue;
            }
            let Some(now) = self.look(client, at) else { continue };
            let talk = &mut self.talks[at];
            talk.checked = true;
            if now != talk.told {
                self.broken.push(format!("instead of {:?}: {now:?}", talk.told));
            }
            self.check_stream(client, at);
        }
        for at in 0..self.kept.len() {
            let kept = &mut self.kept[at];
            if kept.checked && !all {
                continue;
            }
            let Some(again) = client.ask(&kept.request).filter(|reply| reply.whole) else { continue };
            kept.checked = true;
            let replayed = again.header("idempotency-replayed") == Some("true");
            if again.status != 200 || !replayed || again.body != kept.body {
                self.broken.push(format!("instead of {}: {again:?}", kept.body));
            }
        }
    }

    fn check_stream(&mut self, client: &mut Client, at: usize) {
        let talk = &self.talks[at];
        let Some(Stream { run, bytes, whole }) = &talk.stream else { return };
        let path = format!("/v1/session/{}/events?run={run}", talk.told.session);
        let Some(again) = client.ask(&Request::new("GET", &path).key(&self.key)) else { return };
        let same = again.body == *bytes || (!whole && again.body.starts_with(bytes));
        if again.whole && !(again.status == 200 && same) {
            self.broken.push(format!("instead of the stream {bytes:?}: {again:?}"));
        }
    }
}
