//! Several clients at once on one store, over the lives of its server.

use std::{path::Path, sync::mpsc, thread};

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::{
    life::Life,
    speaker::{Said, Speaker},
};

/// Clients with what each was told.
pub(crate) struct Crowd {
    pub(crate) speakers: Vec<Speaker>,
}

impl Crowd {
    /// So many clients of a server that has just made its first key.
    pub(crate) fn of(life: &Life, seed: u64, clients: u64) -> Self {
        let key = life.key.as_deref().expect("the store is new");
        Self { speakers: (0..clients).map(|n| Speaker::new(1_000 * seed + n, key, life.at)).collect() }
    }

    /// Meets the server in its next life.
    pub(crate) fn meet(&mut self, life: &Life) {
        thread::scope(|scope| {
            for speaker in &mut self.speakers {
                scope.spawn(|| speaker.meet(life.at));
            }
        });
    }

    /// Everybody speaks until so many turns were acknowledged, and then does this once, while they go on until each
    /// hears nothing more.
    pub(crate) fn speak_until(&mut self, acks: usize, then: impl FnOnce()) {
        let (sender, told) = mpsc::channel();
        thread::scope(|scope| {
            for speaker in &mut self.speakers {
                let sender = sender.clone();
                scope.spawn(move || {
                    while speaker.speak() == Said::Done {
                        _ = sender.send(());
                    }
                });
            }
            drop(sender);
            _ = told.iter().nth(acks - 1);
            then();
        });
    }

    /// Everybody does something, one after the other.
    pub(crate) fn each(&mut self, what: impl Fn(&mut Speaker)) {
        self.speakers.iter_mut().for_each(what);
    }

    /// Everybody takes so many turns, or fewer where one is not done.
    pub(crate) fn speak(&mut self, turns: usize) {
        thread::scope(|scope| {
            for speaker in &mut self.speakers {
                scope.spawn(move || (0..turns).all(|_| speaker.speak() == Said::Done));
            }
        });
    }

    /// Holds that nobody was refused for other reasons, and forgets these.
    pub(crate) fn forgive(&mut self, reasons: &[&str]) {
        for speaker in &mut self.speakers {
            for code in speaker.refusals.drain(..) {
                assert!(reasons.contains(&code.as_str()), "{code}");
            }
        }
    }

    /// Everybody finds out what came of everything; gives what was broken.
    pub(crate) fn conclude(&mut self) -> Vec<String> {
        thread::scope(|scope| {
            for speaker in &mut self.speakers {
                scope.spawn(|| speaker.conclude());
            }
        });
        self.broken()
    }

    /// What was broken so far.
    pub(crate) fn broken(&self) -> Vec<String> {
        self.speakers.iter().flat_map(|speaker| speaker.ledger.broken.clone()).collect()
    }

    /// How many turns were acknowledged.
    pub(crate) fn acks(&self) -> usize {
        self.speakers.iter().map(|speaker| speaker.ledger.acks).sum()
    }

    /// Holds that there is one session for each that is known, and no other but those of requests in doubt.
    pub(crate) fn count(&self, folder: &Path) {
        let known: usize = self.speakers.iter().map(|speaker| speaker.ledger.talks.len()).sum();
        let stray: usize = self.speakers.iter().map(|speaker| speaker.ledger.stray).sum();
        let found = sound(folder);
        assert!(
            (known..=known + stray).contains(&found),
            "{found} sessions, {known} known, {stray} in doubt"
        );
    }
}

/// Holds that the database is in order; gives the number of its sessions.
pub(crate) fn sound(folder: &Path) -> usize {
    let path = folder.join("grimoire.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let mut connection = options.connect().await.expect("it opens");
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(&mut connection)
            .await
            .expect("it answers");
        assert_eq!(said, ["ok"]);
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions")
            .fetch_one(&mut connection)
            .await
            .expect("it answers");
        connection.close().await.expect("it closes");
        usize::try_from(count).expect("it fits")
    })
}
