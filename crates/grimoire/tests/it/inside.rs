//! The server in this process, on a world that misbehaves on purpose.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::{Arc, Mutex, mpsc},
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
use tokio::{net::TcpListener, runtime::Builder, sync::oneshot};

use crate::{
    program::message_of,
    wire::{PATIENCE, Request, Response, Wire},
};

/// What comes instead of a chain's state.
pub(crate) enum Broken {
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

/// A serving program over a broken chain, with the folder of its store.
pub(crate) struct Server {
    pub(crate) at: SocketAddr,
    pub(crate) key: String,
    log: mpsc::Receiver<String>,
    pub(crate) folder: Arc<TempDir>,
    crash: Option<oneshot::Sender<()>>,
}

impl Server {
    pub(crate) fn start(chain: Broken) -> Self {
        Self::start_by(chain, Arc::new(SystemClock::default()))
    }

    pub(crate) fn start_by(chain: Broken, clock: Arc<dyn Clock>) -> Self {
        Self::start_all(chain, clock, &[])
    }

    /// Starts with these settings.
    pub(crate) fn start_set(chain: Broken, settings: &[(&'static str, &str)]) -> Self {
        Self::start_all(chain, Arc::new(SystemClock::default()), settings)
    }

    fn start_all(chain: Broken, clock: Arc<dyn Clock>, settings: &[(&'static str, &str)]) -> Self {
        let folder = Arc::new(TempDir::new().expect("a folder"));
        let config = config(folder.path(), settings);
        let (crash, crashed) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let (write, log) = mpsc::channel();
        thread::spawn(move || {
            let events = tracing_subscriber::fmt().with_ansi(false).with_writer(move || Lines(write.clone()));
            // What it logs on this thread, which is all its requests.
            let _logging = tracing::subscriber::set_default(events.finish());
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = serve(config, chain, clock, tell) => {}
                    _ = crashed => {}
                }
            });
            runtime.shutdown_background();
        });
        let (at, key) = told.recv_timeout(PATIENCE).expect("it starts");
        Self { at, key, log, folder, crash: Some(crash) }
    }

    /// Ends everything but the thread that computes, as it is, until no connection is taken any more.
    pub(crate) fn crash(&mut self) {
        drop(self.crash.take());
        while TcpStream::connect(self.at).is_ok() {}
    }

    /// Sends a request on a connection of its own.
    pub(crate) fn ask(&self, request: &Request) -> Response {
        let mut wire = Wire::open(self.at);
        wire.send(request.bytes());
        wire.receive()
    }

    pub(crate) fn send(&self) -> Wire {
        let mut wire = Wire::open(self.at);
        let body = message_of("Swap 100 USDC to ETH on Uniswap");
        wire.send(Request::new("POST", "/v1/run").key(&self.key).json(&body).bytes());
        wire
    }

    /// The next line of its log with this in it.
    pub(crate) fn logged(&self, awaited: &str) -> String {
        loop {
            let line = self.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{awaited} is not logged"));
            if line.contains(awaited) {
                return line;
            }
        }
    }
}

/// Sends what is written, an event at a time.
struct Lines(mpsc::Sender<String>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Nobody need listen.
        _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn config(folder: &Path, settings: &[(&'static str, &str)]) -> Config {
    let mut values = Values::default();
    values.lay_flag("store", format!("sqlite:{}", folder.join("grimoire.db").display()));
    values.lay_flag("turns.parallel", "1".into());
    values.lay_flag("turns.wait", "1s".into());
    settings.iter().for_each(|(key, text)| values.lay_flag(key, (*text).into()));
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
