//! Chains that fail: the server in this process, on a world that misbehaves on purpose.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use grimoire::{
    clock::{Clock, SystemClock},
    config::{Config, layers::Values},
    http::{self, App},
    program::Program,
};
use grimoire_core::{
    evm::{Snapshot, StateError, StateSource},
    turn::{Settings, World},
};
use grimoire_registry::ChainId;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

use crate::{
    program::message_of,
    wire::{PATIENCE, Request, Response, Wire},
};

/// What comes instead of a chain's state.
enum Broken {
    Gone,
    Panicking,
    /// Tells that it was asked, and is gone once it hears back.
    Slow(mpsc::Sender<()>, Mutex<mpsc::Receiver<()>>),
}

impl StateSource for Broken {
    fn chains(&self) -> Vec<ChainId> {
        vec![ChainId::Ethereum]
    }

    fn snapshot(&self, _: ChainId) -> Result<Snapshot, StateError> {
        match self {
            Self::Gone => {}
            Self::Panicking => panic!("a very secret word"),
            Self::Slow(asked, go_on) => {
                asked.send(()).expect("the test listens");
                go_on.lock().expect("no panic holds it").recv_timeout(PATIENCE).expect("the test speaks");
            }
        }
        Err(StateError::Unavailable("node at a secret address".into()))
    }
}

/// A clock that breaks and is mended.
#[derive(Default)]
struct Fragile {
    broken: AtomicBool,
    clock: SystemClock,
}

impl Clock for Fragile {
    fn now(&self) -> i64 {
        assert!(!self.broken.load(Ordering::Relaxed), "a very secret word");
        self.clock.now()
    }
}

/// A serving program over a broken chain, with the folder of its store.
struct Server {
    at: SocketAddr,
    key: String,
    _folder: TempDir,
}

impl Server {
    fn start(chain: Broken) -> Self {
        Self::start_by(chain, Arc::new(SystemClock::default()))
    }

    fn start_by(chain: Broken, clock: Arc<dyn Clock>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let config = config(folder.path());
        let (tell, told) = mpsc::channel();
        thread::spawn(move || Runtime::new().expect("a runtime").block_on(serve(config, chain, clock, tell)));
        let (at, key) = told.recv_timeout(PATIENCE).expect("it starts");
        Self { at, key, _folder: folder }
    }

    fn send(&self) -> Wire {
        let mut wire = Wire::open(self.at);
        let body = message_of("Swap 100 USDC to ETH on Uniswap");
        wire.send(Request::new("POST", "/v1/run").key(&self.key).json(&body).bytes());
        wire
    }
}

fn config(folder: &Path) -> Config {
    let mut values = Values::default();
    values.lay_flag("store", format!("sqlite:{}", folder.join("test.db").display()));
    values.lay_flag("turns.parallel", "1".into());
    values.lay_flag("turns.wait", "1s".into());
    Config::read(&values).expect("the settings are good")
}

async fn serve(
    config: Config,
    chain: Broken,
    clock: Arc<dyn Clock>,
    tell: mpsc::Sender<(SocketAddr, String)>,
) {
    let world = World::new(vec![Arc::new(chain)], Settings::default());
    let program = Program::over(world, &config, clock).await.expect("the store opens");
    let key = program.keyring.begin().await.expect("the store answers").expect("the store is new");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    tell.send((listener.local_addr().expect("an address"), key)).expect("the test waits");
    http::serve(listener, Arc::new(App::new(&program, &config)), std::future::pending()).await;
}

fn outcome(response: &Response) -> (u16, String) {
    (response.status, response.problem())
}

#[test]
fn a_chain_that_does_not_answer_is_worth_another_try() {
    let server = Server::start(Broken::Gone);
    let response = server.send().receive();
    assert_eq!(outcome(&response), (503, "chain_unavailable".into()));
    assert_eq!((response.header("retry-after"), &response.json()["retryable"]), (Some("1"), &true.into()));
    assert!(!response.body.contains("secret"), "{response:?}");
}

#[test]
fn a_panic_of_a_turn_ends_one_request_only() {
    let server = Server::start(Broken::Panicking);
    for _ in 0..3 {
        let response = server.send().receive();
        assert_eq!(outcome(&response), (500, "internal".into()));
        assert!(!response.body.contains("secret"), "{response:?}");
    }
}

#[test]
fn a_panic_of_a_route_ends_one_request_only() {
    let clock = Arc::new(Fragile::default());
    let server = Server::start_by(Broken::Gone, Arc::<Fragile>::clone(&clock));
    let mut wire = Wire::open(server.at);
    wire.send(Request::new("POST", "/v1/run").key(&server.key).json(&message_of("hello")).bytes());
    let path = format!("/v1/session/{}", wire.receive().json()["session_id"].as_str().expect("an id"));
    let mut ask = || {
        wire.send(Request::new("GET", &path).key(&server.key).bytes());
        wire.receive()
    };
    clock.broken.store(true, Ordering::Relaxed);
    let response = ask();
    assert_eq!(outcome(&response), (500, "internal".into()));
    assert!(!response.body.contains("secret"), "{response:?}");
    clock.broken.store(false, Ordering::Relaxed);
    assert_eq!(ask().status, 200, "even the connection goes on");
}

#[test]
fn more_turns_than_can_be_computed_are_sent_away() {
    let (asked, asks) = mpsc::channel();
    let (speak, hear) = mpsc::channel();
    let server = Server::start(Broken::Slow(asked, Mutex::new(hear)));
    let mut first = server.send();
    asks.recv_timeout(PATIENCE).expect("the first turn is computed");
    let second = server.send().receive();
    assert_eq!(outcome(&second), (503, "overloaded".into()));
    assert_eq!(second.header("retry-after"), Some("1"));
    speak.send(()).expect("the chain listens");
    assert_eq!(outcome(&first.receive()), (503, "chain_unavailable".into()));
}
