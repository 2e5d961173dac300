//! Work that is under way is seen, and work whose worker is gone is taken over.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use grimoire::{
    clock::{Clock, SystemClock},
    store::{Begun, EventRows, KeyRow, LeaseRow, Partner, SessionRow, Store, TurnRow},
};
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
    wire: Wire,
}

impl Stuck {
    fn begin() -> Self {
        Self::begin_by(&json!({"message": "Swap 100 USDC to ETH on Uniswap"}), &[])
    }

    fn begin_by(body: &Value, settings: &[(&'static str, &str)]) -> Self {
        let (asked, asks) = mpsc::channel();
        let (speak, hear) = mpsc::channel();
        let server = inside::Server::start_set(Broken::Slow(asked, Mutex::new(hear)), settings);
        let run = server.ask(&Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hello")));
        let path = format!("/v1/session/{}", run.json()["session_id"].as_str().expect("an id"));
        let mut wire = Wire::open(server.at);
        wire.send(Request::new("POST", &path).key(&server.key).json(body).bytes());
        asks.recv_timeout(PATIENCE).expect("the turn is computed");
        Self { server, path, _speak: speak, wire }
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

#[test]
fn what_is_partly_wrong_is_never_begun() {
    let body = json!({"message": "Swap 100 USDC to ETH on Uniswap", "answers": {"x": 1}});
    let stuck = Stuck::begin_by(&body, &[]);
    assert_eq!(stuck.look().0["state"], "CLARIFYING", "it takes no lease");
    let (server, path) = stuck.succeed();
    let document = server.get(&path).json();
    assert_eq!((&document["state"], &document["version"]), (&json!("CLARIFYING"), &json!(1)));
}

#[test]
fn a_turn_that_hangs_is_given_up() {
    let body = json!({"message": "Swap 100 USDC to ETH on Uniswap"});
    let mut stuck = Stuck::begin_by(&body, &[("turns.deadline", "1s")]);
    let response = stuck.wire.receive();
    assert_eq!((response.status, response.problem().as_str()), (503, "chain_unavailable"));
    assert_eq!(stuck.look().0["state"], "CLARIFYING", "and gives its lease back");
}

/// The store of a server, the first partner's.
async fn beside(folder: &TempDir) -> Store {
    let url = format!("sqlite:{}", folder.path().join("grimoire.db").display());
    Store::open(&url).await.expect("the store opens twice")
}

#[test]
fn a_worker_that_was_overtaken_answers_with_what_was_committed() {
    let body = json!({"message": "Swap 100 USDC to ETH on Uniswap"});
    let mut stuck = Stuck::begin_by(&body, &[("session.lease", "3s")]);
    let id = stuck.path.rsplit('/').next().expect("an id").to_owned();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = beside(&stuck.server.folder).await;
        let row = store.session("demo", &id).await.expect("it answers").expect("it is there");
        let (now, work) = (row.lease_until.expect("a lease"), row.work.expect("its work"));
        let (fence, until) = (row.fence + 1, now + 10);
        let over = LeaseRow { id: id.clone(), fence, work, now, until, ..lease(fence, now) };
        assert_eq!(store.begin_turn(over).await.expect("it answers"), Begun::Yes);
        let reply = r#"{"message":"Which?","fields":[]}"#.to_owned();
        let left =
            TurnRow { id: id.clone(), run: row.fence, reply, expires_at: now + 99, ..turn(fence, now) };
        let left = TurnRow { state: "CLARIFYING".into(), ..left };
        assert!(store.end_turn(left).await.expect("it answers"));
    });
    let response = stuck.wire.receive();
    let document = response.json();
    assert_eq!(
        (response.status, &document["version"], &document["message"]),
        (200, &json!(2), &json!("Which?"))
    );
    assert_eq!((&document["type"], &document["session_id"]), (&json!("clarification"), &json!(id)));
}

#[test]
fn a_takeover_that_finds_no_place_leaves_the_work_to_the_next() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let server = inside::Server::start(Broken::Slow(asked, Mutex::new(hear)));
    let id = grimoire::ident::random("sess");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let look = |row: SessionRow, events: Option<EventRows>| {
        runtime.block_on(async {
            let store = beside(&server.folder).await;
            store.add_session(row, events, None).await.expect("added");
        });
    };
    let mut busy = server.send();
    asks.recv_timeout(PATIENCE).expect("the only place is taken");
    let work = json!({"message": "Swap 100 USDC to ETH on Uniswap", "run": 1}).to_string();
    look(SessionRow { work: Some(work), ..abandoned(&id) }, None);
    let path = format!("/v1/session/{id}");
    let looked = server.ask(&Request::new("GET", &path).key(&server.key));
    assert_eq!(looked.status, 200);
    // Longer than a turn waits for its place.
    thread::sleep(Duration::from_millis(1_500));
    let looked = server.ask(&Request::new("GET", &path).key(&server.key));
    assert_eq!(looked.status, 200, "it is there still");
    speak.send(()).expect("the chain listens");
    busy.receive();
}

fn now() -> i64 {
    SystemClock::default().now()
}

/// A first turn whose worker is gone.
fn abandoned(id: &str) -> SessionRow {
    SessionRow {
        id: id.into(),
        partner: "demo".into(),
        state: "CREATED".into(),
        unresolved: "[]".into(),
        created_at: now(),
        expires_at: now() + 1_000,
        fence: 1,
        working: Some("BUILDING".into()),
        lease_until: Some(1),
        ..SessionRow::default()
    }
}

#[test]
fn a_stream_that_nobody_goes_on_with_has_an_end() {
    let server = Server::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let add = |row: SessionRow| {
        let events = EventRows { run: 1, first: 1, documents: vec!["{}".into(), "{}".into()] };
        runtime.block_on(async {
            beside(&server.folder).await.add_session(row, Some(events), None).await.expect("added");
        });
    };
    let ids = [(); 2].map(|()| grimoire::ident::random("sess"));
    let work = Some(json!({"message": "hello", "run": 1, "stream": true}).to_string());
    add(SessionRow { work, expires_at: now() - 1, ..abandoned(&ids[0]) });
    let other = Some(json!({"message": "hello", "run": 2, "stream": true}).to_string());
    let until = Some(i64::MAX);
    add(SessionRow { work: other, lease_until: until, fence: 2, version: 1, ..abandoned(&ids[1]) });
    for id in ids {
        let request = Request::new("GET", &format!("/v1/session/{id}/events?run=1")).key(&server.key);
        let response = server.ask(&request.header("last-event-id", "2"));
        assert_eq!((response.status, response.body.as_str()), (204, ""));
        let rest =
            server.ask(&Request::new("GET", &format!("/v1/session/{id}/events?run=1")).key(&server.key));
        assert_eq!(rest.body, "id: 1\ndata: {}\n\nid: 2\ndata: {}\n\n", "what is stored is given");
    }
}

#[test]
fn a_lease_from_a_clock_that_was_moved_has_run_out() {
    let server = Server::start();
    let id = grimoire::ident::random("sess");
    let work = Some(json!({"message": "hello", "run": 1}).to_string());
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let row = SessionRow { work, lease_until: Some(i64::MAX / 2), ..abandoned(&id) };
        beside(&server.folder).await.add_session(row, None, None).await.expect("added");
    });
    let look =
        || Some(server.get(&format!("/v1/session/{id}")).json()).filter(|d| d["state"] == "CLARIFYING");
    assert_eq!(until(look)["version"], 1);
}

#[test]
fn what_was_supposed_is_checked_after_abandoned_work_too() {
    let server = Server::start();
    let id = grimoire::ident::random("sess");
    let work = Some(json!({"message": "hello", "run": 1}).to_string());
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let row = SessionRow { work, ..abandoned(&id) };
        beside(&server.folder).await.add_session(row, None, None).await.expect("added");
    });
    let body = json!({"message": "hello", "version": 0});
    let response =
        server.ask(&Request::new("POST", &format!("/v1/session/{id}")).key(&server.key).json(&body));
    assert_eq!((response.status, response.problem().as_str()), (409, "version_conflict"));
    assert_eq!(response.json()["version"], 1);
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
        run: fence,
        version: 2,
        state: text("PREVIEW_READY"),
        draft: text("{}"),
        unresolved: text("[]"),
        reply: text("{}"),
        summary: text("done"),
        now,
        expires_at: 200,
        events: None,
        claim: None,
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
    assert!(!store.drop_turn("sess_a", 1, None, None).await.expect("it answers"));
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
