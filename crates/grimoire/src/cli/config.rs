//! `grimoire config`, and how every other command gets its settings.

use std::path::Path;

use super::out::{say, table, talk};
use crate::config::{
    Config, LogFormat,
    layers::{ConfigError, Value, Values},
};

/// The file that is read when none is named.
const USUAL_FILE: &str = "grimoire.toml";

/// Shows every setting and where it came from.
///
/// Flags win over `GRIMOIRE_*` variables over the file over the defaults.
#[derive(clap::Args)]
pub(super) struct Args {
    /// As `serve` takes it.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// As `serve` takes it.
    #[arg(long, value_name = "sqlite:PATH")]
    store: Option<String>,
}

pub(super) fn main(file: Option<&Path>, args: Args) -> anyhow::Result<()> {
    let flags = [("listen", args.listen), ("store", args.store)];
    let (_, values) = load(file, flags)?;
    let row = |v: &Value| vec![v.key.clone(), v.text.clone(), v.origin.to_string()];
    let rows: Vec<_> = values.all().iter().map(row).collect();
    Ok(say(&table(&rows))?)
}

/// The settings, typed and as text.
pub(super) fn load<const N: usize>(
    file: Option<&Path>,
    flags: [(&'static str, Option<String>); N],
) -> Result<(Config, Values), ConfigError> {
    let mut values = Values::default();
    let usual = Path::new(USUAL_FILE);
    if let Some(file) = file.or_else(|| usual.exists().then_some(usual)) {
        values.lay_file(file)?;
    }
    for name in values.lay_variables(
        std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
    ) {
        talk(&format!("grimoire: {name} is no setting; `grimoire config` lists them"));
    }
    for (flag, text) in flags {
        if let Some(text) = text {
            values.lay_flag(flag, text);
        }
    }
    Ok((Config::read(&values)?, values))
}

/// Sends log events, panics among them, to stderr.
pub(super) fn start_log(config: &Config) {
    let log = tracing_subscriber::fmt().with_max_level(config.log_level.0).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.with_ansi(false).with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    // Where it happened, and not what it says: that may quote what a person wrote.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panic");
    }));
}
