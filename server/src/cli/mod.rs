//! The command line: what can be asked for, and the exit code of each answer.

use crate::{
    boot,
    config::{Flags, Settings, Sources},
    web,
};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Wrong usage or wrong configuration, as in sysexits.h.
pub const USAGE: u8 = 64;

#[derive(Debug, Parser)]
#[command(name = "pilothouse", version, about = "The control room for releases", arg_required_else_help = true)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve pages, REST and live events
    Serve,
    /// Print the settings in force, secrets hidden
    Config,
    /// Print the OpenAPI description of the REST operations
    Openapi,
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { USAGE.into() } else { ExitCode::SUCCESS };
        }
    };
    let sources = Sources::of_process(line.flags);
    match line.verb {
        Verb::Serve => with_settings(&sources, |settings| {
            boot::start_logging(&settings);
            finish(block_on(boot::serve(settings)))
        }),
        Verb::Config => with_settings(&sources, |settings| {
            print!("{}", settings.describe());
            ExitCode::SUCCESS
        }),
        Verb::Openapi => match web::rest::description().to_pretty_json() {
            Ok(text) => {
                println!("{text}");
                ExitCode::SUCCESS
            }
            Err(error) => finish(Err(error.into())),
        },
    }
}

/// All faults at once, and nothing is begun.
fn with_settings(sources: &Sources, work: impl FnOnce(Settings) -> ExitCode) -> ExitCode {
    match sources.settle() {
        Ok(settings) => work(settings),
        Err(faults) => {
            for fault in faults {
                eprintln!("pilothouse: {fault}");
            }
            USAGE.into()
        }
    }
}

fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

fn finish(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("pilothouse: {error:#}");
        ExitCode::FAILURE
    })
}
