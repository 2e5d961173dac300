//! `grimoire serve`: the HTTP API.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::{block_on, config, out::talk};
use crate::{
    auth::{FIRST_PARTNER, Keyring},
    clock::{Clock, SystemClock},
    config::Config,
    http::{self, App},
    session::Sessions,
    store::Store,
    world,
};

/// Serves the HTTP API until SIGTERM or Ctrl-C, then lets requests under way finish.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Where partners, keys and sessions are kept.
    #[arg(long, value_name = "sqlite:PATH")]
    store: Option<String>,
}

pub(super) fn main(file: Option<&Path>, args: Args) -> anyhow::Result<()> {
    let (config, _) = config::load(file, [("listen", args.listen), ("store", args.store)])?;
    config::start_log(&config);
    block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let store = Store::open(&config.store).await.with_context(|| format!("store {}", config.store))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let keyring = Keyring::new(store.clone(), Arc::clone(&clock));
    if let Some(key) = keyring.begin().await? {
        talk(&format!("created partner `{FIRST_PARTNER}`; its key, shown this once: {key}"));
    }
    let world = tokio::task::block_in_place(|| world::open(&config, &mut |text| talk(text)))?;
    let sessions = Arc::new(Sessions::new(store.clone(), clock, world, &config));
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("listen on {}", config.listen))?;
    let stop = stop_signal()?;
    talk(&format!("listening on http://{}", listener.local_addr()?));
    http::serve(listener, Arc::new(App::new(keyring, sessions, &config)), stop).await;
    store.close().await;
    Ok(())
}

/// Ends at the first SIGTERM or SIGINT after the call.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}
