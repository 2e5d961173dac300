//! `grimoire partners`: who may call the HTTP API.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use grimoire_core::preview::Time;

use super::{
    block_on, config,
    out::{say, table, talk},
};
use crate::{
    auth::{Keyring, Partner},
    clock::SystemClock,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Adds a partner.
    Create {
        /// 1 to 64 of a-z, 0-9, `-` and `_`; the `partner_id` of the API.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Shows every partner.
    List {
        #[command(flatten)]
        place: Place,
    },
}

/// Which store is meant.
#[derive(clap::Args)]
pub(super) struct Place {
    /// Where partners, keys and sessions are kept.
    #[arg(long, value_name = "sqlite:PATH")]
    store: Option<String>,
}

pub(super) fn main(file: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create { name, place } => with_keyring(file, place, async |keyring| {
            keyring.create_partner(&name).await?;
            talk(&format!("created; `grimoire keys create --partner {name}` makes a key"));
            Ok(say(&name)?)
        }),
        Command::List { place } => with_keyring(file, place, async |keyring| {
            let row = |p: Partner| vec![p.name, date(p.created_at)];
            let rows: Vec<_> = keyring.partners().await?.into_iter().map(row).collect();
            if rows.is_empty() {
                talk("no partners yet");
                return Ok(());
            }
            Ok(say(&table(&rows))?)
        }),
    }
}

/// Does something with the partners and keys of a store, then lets go of it.
pub(super) fn with_keyring<T>(
    file: Option<&Path>,
    place: Place,
    work: impl AsyncFnOnce(&Keyring) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (config, _) = config::load(file, [("store", place.store)])?;
    config::start_log(&config);
    block_on(async {
        let keyring =
            Keyring::open(&config.store, Arc::new(SystemClock::default())).await.context(config.store)?;
        let done = work(&keyring).await;
        keyring.close().await;
        done
    })
}

/// A time for a person and for `sort`.
pub(super) fn date(secs: i64) -> String {
    Time(u64::try_from(secs).unwrap_or(0)).to_string()
}
