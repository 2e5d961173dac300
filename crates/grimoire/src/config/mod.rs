//! What an operator may set, and where each value came from.
//!
//! What comes in: the defaults, a file, the environment, flags; later ones win. What goes out: one [`Config`], and
//! the [`layers::Values`] it was read from. What it refuses to know: what the settings are used for.

pub mod origins;
pub mod layers;

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
};

use crate::units::{Percent, Period};
use layers::{ConfigError, Values};
use origins::Origins;

/// The settings, typed. `config.default.toml` says what each means.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the default file documents each")]
pub struct Config {
    pub listen: SocketAddr,
    pub store: String,
    pub sandbox_contracts: PathBuf,
    pub sandbox_snapshots: PathBuf,
    pub slippage: Percent,
    pub deadline: Period,
    pub max_price_impact: Percent,
    pub session_ttl: Period,
    pub session_max_age: Period,
    pub session_keep: Period,
    pub session_lease: Period,
    pub session_max_turns: u32,
    pub session_max_live: u32,
    pub idempotency_keep: Period,
    pub parallel_turns: usize,
    pub turns_waiting: usize,
    pub turn_wait: Period,
    pub turn_deadline: Period,
    pub key_requests: u32,
    pub key_window: Period,
    pub key_parallel: u32,
    pub key_turns: u32,
    pub key_failures: u32,
    pub key_failure_window: Period,
    pub head_timeout: Period,
    pub body_timeout: Period,
    pub write_timeout: Period,
    pub max_connections: usize,
    pub cors_origins: Origins,
    pub drain: Period,
    pub log_level: LogLevel,
    pub log_format: LogFormat,
}

impl Config {
    /// Types the values.
    ///
    /// # Errors
    /// Names the first value that cannot be used, where it came from, and what would work.
    pub fn read(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self {
            listen: values.read("listen", "write an address with a port, such as 127.0.0.1:8080")?,
            store: values.read("store", "")?,
            sandbox_contracts: values.read("sandbox.contracts", "")?,
            sandbox_snapshots: values.read("sandbox.snapshots", "")?,
            slippage: values.read("plan.slippage", "")?,
            deadline: values.read("plan.deadline", "")?,
            max_price_impact: values.read("plan.max_price_impact", "")?,
            session_ttl: values.read("session.ttl", "")?,
            session_max_age: values.read("session.max_age", "")?,
            session_keep: values.read("session.keep", "")?,
            session_lease: values.read("session.lease", "")?,
            session_max_turns: count(values, "session.max_turns")?,
            session_max_live: count(values, "session.max_live")?,
            idempotency_keep: values.read("idempotency.keep", "")?,
            parallel_turns: values
                .read("turns.parallel", "write a number, or 0 for one for each processor")?,
            turns_waiting: usize::try_from(count(values, "turns.waiting")?).unwrap_or(usize::MAX),
            turn_wait: values.read("turns.wait", "")?,
            turn_deadline: values.read("turns.deadline", "")?,
            key_requests: count(values, "keys.requests")?,
            key_window: values.read("keys.window", "")?,
            key_parallel: count(values, "keys.parallel")?,
            key_turns: count(values, "keys.turns")?,
            key_failures: count(values, "keys.failures")?,
            key_failure_window: values.read("keys.failure_window", "")?,
            head_timeout: values.read("http.head_timeout", "")?,
            body_timeout: values.read("http.body_timeout", "")?,
            write_timeout: values.read("http.write_timeout", "")?,
            max_connections: values
                .read::<NonZeroUsize>("http.max_connections", "write a number of at least 1")?
                .get(),
            cors_origins: values.read("http.cors_origins", "")?,
            drain: values.read("http.drain", "")?,
            log_level: values.read("log.level", "")?,
            log_format: values.read("log.format", "")?,
        })
    }
}

fn count(values: &Values, key: &'static str) -> Result<u32, ConfigError> {
    Ok(values.read::<NonZeroU32>(key, "write a number of at least 1")?.get())
}

/// The least severe event that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLevel(pub tracing::level_filters::LevelFilter);

impl std::str::FromStr for LogLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| "write off, error, warn, info, debug or trace".into())
    }
}

/// How a logged event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum LogFormat {
    Text,
    Json,
}

impl std::str::FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("write text or json".into()),
        }
    }
}
