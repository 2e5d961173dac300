//! What this program does as a server of its own.

use std::{
    io::Read,
    path::Path,
    sync::{Arc, OnceLock},
};

use axum::{Json, Router, routing::post};
use grimoire::{
    clock::SystemClock,
    config::{Config, layers::Values},
    http::{self, App},
    program::Program,
};
use grimoire_core::{
    evm::{Snapshot, StateError, StateSource},
    turn::{Settings, World},
};
use grimoire_registry::ChainId;
use grimoire_sandbox::Sandbox;
use serde_json::Value;
use tokio::{net::TcpListener, runtime::Builder};

/// Serves until it is killed.
pub(crate) fn play(role: &str) {
    let runtime = Builder::new_multi_thread().enable_all().build().expect("a runtime");
    match role {
        "axum" => runtime.block_on(axum()),
        "held" => runtime.block_on(held()),
        _ => panic!("no such role: {role}"),
    }
}

/// A handler that reads JSON and writes it back.
async fn axum() {
    let router = Router::new().route("/", post(|Json(body): Json<Value>| async { Json(body) }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("{}", listener.local_addr().expect("an address"));
    axum::serve(listener, router).await.expect("it serves");
}

/// A chain that answers once the standard input is closed.
struct Held {
    sandbox: Sandbox,
    released: OnceLock<()>,
}

impl StateSource for Held {
    fn chains(&self) -> Vec<ChainId> {
        self.sandbox.chains()
    }

    fn snapshot(&self, chain: ChainId) -> Result<Snapshot, StateError> {
        self.released.get_or_init(|| {
            std::io::stdin().read_to_end(&mut Vec::new()).expect("it is closed in the end");
        });
        self.sandbox.snapshot(chain)
    }
}

/// The product on a chain that is held; says where it listens and the first key.
async fn held() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(folder.path());
    let paths = grimoire::world::paths(&config);
    let sandbox = Sandbox::load_or_build(&paths, &mut |_| {}).expect("run `make contracts` first");
    let source = Held { sandbox, released: OnceLock::new() };
    let world = World::new(vec![Arc::new(source)], Settings::default());
    let clock = Arc::new(SystemClock::default());
    let program = Program::over(world, &config, clock).await.expect("the store opens");
    let key = program.keyring.begin().await.expect("the store answers").expect("the store is new");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("{}\n{}", listener.local_addr().expect("an address"), key.as_str());
    http::serve(listener, Arc::new(App::new(&program, &config)), std::future::pending()).await;
}

fn config(folder: &Path) -> Config {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut values = Values::default();
    let mut set = |key, text: String| values.lay_flag(key, text);
    set("store", format!("sqlite:{}", folder.join("bench.db").display()));
    set("sandbox.contracts", root.join("crates/grimoire-sandbox/contracts").display().to_string());
    set("sandbox.snapshots", root.join("target/sandbox").display().to_string());
    set("keys.parallel", "10000".into());
    set("turns.parallel", "8".into());
    set("turns.deadline", "5m".into());
    Config::read(&values).expect("the settings are good")
}
