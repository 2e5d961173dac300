//! Work that is under way is seen, and work whose worker is gone is taken over.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use grimoire::store::{Begun, KeyRow, LeaseRow, Partner, SessionRow, Store, TurnRow};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    inside::{self, Broken},
    program::{Server, message_of},
    wire::{PATIENCE, Request, Wire},
};

/// A server whose chain was asked for the state and has not answered yet, and the session that waits for it.
struct Stuck {
    server: inside::Server,
    path: String,
    _speak: mpsc::Sender<()>,
    _wire: Wire,
}

impl Stuck {
    fn begin() -> Self {
        let (asked, asks) = mpsc::channel();
        let (speak, hear) = mpsc::channel();
        let server = inside::Server::start(Broken::Slow(asked, Mutex::new(hear)));
        let run = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hello")));
        let path = format!("/v1/session/{}", run.json()["session_id"].as_str().expect("an id"));
        let mut wire = Wire::open(server.at);
        let body = json!({"message": "Swap 100 USDC to ETH on Uniswap"});
        wire.send(Request::new("POST", &path).key(&server.key).json(&body).bytes());
        asks.recv_timeout(PATIENCE).expect("the turn is computed");
        Self { server, path, _speak: speak, _wire: wire }
    }

    fn look(&self) -> (Value, String) {
        let response = self.server.ask(&Request::new("GET", &self.path).key(&self.server.key));
        (response.json(), response.header("etag").expect("a tag").to_owned())
    }

    /// The real program on what is left behind.
    fn succeed(mut self) -> (Server, String) {
        self.server.crash();
        let mut server = Server::start_in(Arc::clone(&self.server.folder), &[]);
        server.key.clone_from(&self.server.key);
        (server, self.path)
    }
}

/// Asks again and again; what is awaited is an end that comes by itself.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let again = |_| {
        thread::sleep(Duration::from_millis(50));
        ask()
    };
    (0..400).find_map(again).expect("it comes to an end")
}

#[test]
fn a_turn_under_way_is_seen_and_keeps_others_out() {
    let stuck = Stuck::begin();
    let (document, tag) = until(|| Some(stuck.look()).filter(|(d, _)| d["state"] != "CLASSIFYING"));
    assert_eq!((&document["state"], tag.as_str()), (&json!("BUILDING"), "\"1-building\""));
    assert_eq!((&document["version"], &document["unresolved_fields"]), (&json!(1), &json!(["intent"])));
    let server = &stuck.server;
    let again = server.ask(
        &Request::new("POST", &stuck.path).key(&server.key).json(&json!({"message": "hi", "version": 1})),
    );
    assert_eq!((again.status, again.problem().as_str()), (409, "session_busy"));
    assert_eq!((&again.json()["state"], &again.json()["version"]), (&json!("BUILDING"), &json!(1)));
    assert_eq!(again.header("retry-after"), Some("1"));
}

#[test]
fn a_look_takes_abandoned_work_over() {
    let (server, path) = Stuck::begin().succeed();
    let document = until(|| Some(server.get(&path).json()).filter(|d| d["state"] == "PREVIEW_READY"));
    assert_eq!(document["version"], 2);
    let action = &document["latest_preview"]["action_plan"]["actions"][0];
    assert_eq!(action["params"]["amount_in"], "100");
}

#[test]
fn another_turn_takes_the_place_of_abandoned_work() {
    let (server, path) = Stuck::begin().succeed();
    let body = json!({"message": "Swap 5 USDC to ETH on Uniswap", "version": 1});
    let answer = until(|| {
        let response = server.ask(&Request::new("POST", &path).key(&server.key).json(&body));
        if response.status == 409 {
            assert_eq!(response.problem(), "session_busy");
            return None;
        }
        Some(response)
    });
    let document = answer.json();
    assert_eq!((answer.status, &document["version"]), (200, &json!(2)), "{document}");
    assert_eq!(document["preview"]["action_plan"]["actions"][0]["params"]["amount_in"], "5");
}

fn lease(fence: i64, now: i64) -> LeaseRow {
    let (working, work) = ("CLASSIFYING".into(), "{}".into());
    let (id, until) = ("sess_a".into(), now + 10);
    LeaseRow { id, version: 1, fence, working, work, now, until, events: None, claim: None }
}

fn turn(fence: i64, now: i64) -> TurnRow {
    let text = |text: &str| text.to_owned();
    TurnRow {
        id: text("sess_a"),
        fence,
        version: 2,
        state: text("PREVIEW_READY"),
        draft: text("{}"),
        unresolved: text("[]"),
        reply: text("{}"),
        summary: text("done"),
        now,
        expires_at: 200,
        events: None,
        key: None,
        body: None,
    }
}

#[tokio::test]
async fn whoever_lost_a_lease_can_no_longer_commit() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let partner = Partner { name: "demo".into(), created_at: 1 };
    let key = KeyRow {
        id: "k".into(),
        partner: "demo".into(),
        secret_hash: vec![1],
        created_at: 1,
        expires_at: None,
        revoked_at: None,
    };
    assert!(store.add_first_partner(&partner, &key).await.expect("added"));
    let session =
        SessionRow { id: "sess_a".into(), partner: "demo".into(), version: 1, ..SessionRow::default() };
    store.add_session(SessionRow { expires_at: 100, ..session }, None, None).await.expect("added");
    assert_eq!(store.begin_turn(lease(1, 10)).await.expect("it answers"), Begun::Yes);
    assert_eq!(
        store.begin_turn(lease(2, 19)).await.expect("it answers"),
        Begun::Lost,
        "the first lease holds"
    );
    assert!(store.renew_lease("sess_a", 1, 30).await.expect("it answers"));
    assert_eq!(store.begin_turn(lease(2, 29)).await.expect("it answers"), Begun::Lost, "and was prolonged");
    assert_eq!(
        store.begin_turn(lease(3, 30)).await.expect("it answers"),
        Begun::Lost,
        "no fence is left out"
    );
    assert_eq!(store.begin_turn(lease(2, 30)).await.expect("it answers"), Begun::Yes, "now it has run out");
    assert!(!store.renew_lease("sess_a", 1, 99).await.expect("it answers"));
    assert!(!store.end_turn(turn(1, 31)).await.expect("it answers"), "the first one is fenced off");
    store.drop_turn("sess_a", 1, None, None).await.expect("it answers");
    assert!(!store.end_turn(turn(2, 100)).await.expect("it answers"), "an expired session takes nothing");
    assert!(store.end_turn(turn(2, 32)).await.expect("it answers"));
    assert!(!store.end_turn(turn(2, 33)).await.expect("it answers"), "a turn ends once");
    let row = store.session("demo", "sess_a").await.expect("it answers").expect("it is there");
    assert_eq!((row.version, row.summary.as_str(), row.working), (2, "done", None));
}

#[tokio::test]
async fn many_writes_at_once_are_all_kept_or_refused_one_by_one() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let add = |n: usize| {
        let store = store.clone();
        // Of every three, two have the same name.
        let partner = Partner { name: format!("p{}", n - n % 3 % 2), created_at: 1 };
        tokio::spawn(async move { store.add_partner(&partner).await })
    };
    let mut added = 0;
    for task in (0..300).map(add).collect::<Vec<_>>() {
        added += usize::from(task.await.expect("no panic").expect("it answers"));
    }
    assert_eq!((added, store.partners().await.expect("it answers").len()), (200, 200));
    let session = |id: &str| SessionRow { id: id.into(), partner: "p0".into(), ..SessionRow::default() };
    let twice = [session("sess_a"), session("sess_a"), session("sess_b")];
    let twice = twice.map(|row| {
        let store = store.clone();
        tokio::spawn(async move { store.add_session(row, None, None).await.is_ok() })
    });
    let mut kept = 0;
    for task in twice {
        kept += usize::from(task.await.expect("no panic"));
    }
    assert_eq!(kept, 2, "the one that is there already is refused alone");
}
