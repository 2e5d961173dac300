//! `grimoire serve`: the HTTP API.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::{block_on, config, descriptors, out::talk};
use crate::{
    auth::FIRST_PARTNER,
    clock::SystemClock,
    config::Config,
    http::{self, App},
    program::Program,
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
    if let Some(few) = descriptors::provide(config.max_connections) {
        talk(&few);
    }
    block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let program = Program::open(&config, Arc::new(SystemClock::default()), &mut |text| talk(text)).await?;
    if let Some(key) = program.keyring.begin().await? {
        talk(&format!("created partner `{FIRST_PARTNER}`; its key, shown this once: {key}"));
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {} (--listen takes another)", config.listen))?;
    let stop = stop_signal()?;
    talk(&format!("listening on http://{}", listener.local_addr()?));
    http::serve(listener, Arc::new(App::new(&program, &config)), stop).await;
    program.close().await;
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
