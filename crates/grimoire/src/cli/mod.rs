//! The command line.
//!
//! What comes in: arguments, the terminal. What goes out: results on stdout, talk on stderr, an exit code. What it
//! refuses to know: the store's tables, HTTP's headers.

mod out;
mod config;
mod ask;
mod show;
mod run;
mod parse;
mod partners;
mod keys;
mod sandbox;
mod descriptors;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::config::layers::{ConfigError, Origin};

/// Turns a sentence about money on a blockchain into a transaction plan that is simulated and checked.
#[derive(Parser)]
#[command(name = "grimoire", version, arg_required_else_help = true)]
struct Cli {
    /// Settings to use instead of `grimoire.toml` in the current folder.
    #[arg(long, global = true, value_name = "FILE", env = crate::config::layers::FILE_VARIABLE)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Parse(parse::Args),
    Serve(serve::Args),
    /// Who may call the HTTP API.
    #[command(subcommand)]
    Partners(partners::Command),
    /// Keys that partners call the HTTP API with.
    #[command(subcommand)]
    Keys(keys::Command),
    /// The embedded chains that plans are simulated on.
    #[command(subcommand)]
    Sandbox(sandbox::Command),
    Config(config::Args),
}

/// A call that cannot mean anything; what would work.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Usage(String);

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing can be done where even this cannot be written.
            _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if out::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            out::talk(&format!("grimoire: {}", told(&error)));
            ExitCode::from(if is_usage(&error) { 2 } else { 1 })
        }
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<()> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Run(args) => run::main(file, args),
        Command::Parse(args) => parse::main(args),
        Command::Serve(args) => serve::main(file, args),
        Command::Partners(command) => partners::main(file, command),
        Command::Keys(command) => keys::main(file, command),
        Command::Sandbox(command) => sandbox::main(file, &command),
        Command::Config(args) => config::main(file, args),
    }
}

/// An error and its causes, without those whose words were said already.
fn told(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.as_str() {
        "" => cause,
        said if said.contains(&cause) => told,
        _ => format!("{told}: {cause}"),
    })
}

fn is_usage(error: &anyhow::Error) -> bool {
    let flag = |e: &ConfigError| matches!(e, ConfigError::Value { origin: Origin::Flag(_), .. });
    error.is::<Usage>() || error.downcast_ref::<ConfigError>().is_some_and(flag)
}

/// Runs a future to its end on a runtime of its own.
fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}
