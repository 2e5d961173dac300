//! `grimoire keys`: what partners show to call the HTTP API.

use std::path::Path;

use super::{
    out::{say, table, talk},
    partners::{Place, date, with_keyring},
};
use crate::{
    auth::{KeyRow, standing},
    clock::{Clock, SystemClock},
    units::Period,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Makes a key and prints it. It is shown this once.
    Create {
        /// Whose key.
        #[arg(long, value_name = "NAME")]
        partner: String,
        /// How long it is good, such as 30d; for ever without this.
        #[arg(long, value_name = "PERIOD")]
        expires: Option<Period>,
        #[command(flatten)]
        place: Place,
    },
    /// Shows every key's id, partner and standing.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Makes a key worthless, at once and for good.
    Revoke {
        /// The id that `list` shows, the part of the key between its underscores.
        id: String,
        #[command(flatten)]
        place: Place,
    },
}

pub(super) fn main(file: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create { partner, expires, place } => with_keyring(file, place, async |keyring| {
            let key = keyring.create_key(&partner, expires).await?;
            talk("keep it now: it is shown this once");
            Ok(say(&key)?)
        }),
        Command::List { place } => with_keyring(file, place, async |keyring| {
            let now = SystemClock::default().now();
            let rows: Vec<_> = keyring.keys().await?.iter().map(|key| row(key, now)).collect();
            if rows.is_empty() {
                talk("no keys yet");
                return Ok(());
            }
            Ok(say(&table(&rows))?)
        }),
        Command::Revoke { id, place } => with_keyring(file, place, async |keyring| {
            keyring.revoke(&id).await?;
            talk(&format!("revoked {id}"));
            Ok(())
        }),
    }
}

fn row(key: &KeyRow, now: i64) -> Vec<String> {
    let expires = key.expires_at.map_or("never expires".into(), |at| format!("until {}", date(at)));
    vec![key.id.clone(), key.partner.clone(), standing(key, now).into(), date(key.created_at), expires]
}
