//! The command line: what can be asked for, and the exit code of each answer.

mod checkpoint;
mod client;
mod deployments;
mod fleet;
mod import;
mod judge;
mod people;
mod playbook;
mod product;
mod record;
mod releases;
mod said;
mod tokens;
mod wait;

use crate::{
    boot,
    config::{Flags, Settings, Sources},
    web,
};
use clap::{Parser, Subcommand};
use said::{Fail, Said};
use std::{path::PathBuf, process::ExitCode};

pub use said::USAGE;

#[derive(Debug, Parser)]
#[command(name = "pilothouse", version, about = "The control room for releases", arg_required_else_help = true)]
#[command(
    after_help = "create, deploy, rollback, status, wait, deployments, logs, import, user and token ask a running Pilothouse: PILOTHOUSE_URL says where it is, \
                        PILOTHOUSE_TOKEN who asks. The other commands work on the record itself (--data or --database-url)."
)]
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
    /// Create a release
    Create(releases::Create),
    /// Show where a release stands and what it waits for
    Status(releases::Status),
    /// Bring a release into an environment
    Deploy(deployments::Deploy),
    /// Take an environment back to what ran before, or further
    Rollback(deployments::Rollback),
    /// Wait until a release is live: exit code 0 live, 1 rolled back or failed, 2 parked for a human, 3 out of time
    Wait(wait::Wait),
    /// List the deployments of an environment, newest first
    Deployments(deployments::Deployments),
    /// Print what instances of an environment wrote last
    Logs(deployments::Logs),
    /// Take in past deployments, changes and incidents from a file, list such imports, or undo one
    Import(import::Import),
    /// Add, list, disable, enable, invite or erase people
    #[command(subcommand)]
    User(people::User),
    /// Issue, list or revoke API tokens
    #[command(subcommand)]
    Token(tokens::Token),
    /// Follow the whole record and say whether anything in it was altered
    VerifyAudit {
        /// An answer of GET /api/v1/audit/checkpoint, kept elsewhere: shows truncation and rewriting too
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    /// Write a backup into a new file, while Pilothouse runs or not
    Backup { file: PathBuf },
    /// Fill an empty record from a backup
    Restore { file: PathBuf },
    /// Check a backup from its first to its last line
    VerifyBackup { file: PathBuf },
    /// Print the settings in force, secrets hidden
    Config,
    /// Work on playbooks
    #[command(subcommand)]
    Playbook(playbook::Playbook),
    /// Work with the canary judge
    #[command(subcommand)]
    Judge(judge::Judge),
    /// Run the fleet of this machine: versions as processes behind a router
    Fleet(fleet::Fleet),
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
    if matches!(line.verb, Verb::Serve) {
        return match settings(&sources).and_then(|settings| serve(settings).map_err(Fail::from)) {
            Ok(code) => code,
            Err(fail) => fail.tell(),
        };
    }
    let mut builder = match line.verb {
        Verb::Fleet(_) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build();
    let said = runtime.map_err(|error| Fail::refused(error.to_string()));
    match said.and_then(|runtime| runtime.block_on(perform(line.verb, &sources))) {
        Ok(text) => said::print(&text),
        Err(fail) => fail.tell(),
    }
}

async fn perform(verb: Verb, sources: &Sources) -> Said {
    match verb {
        // Serving prints as it goes and is done by the caller.
        Verb::Serve => Ok(String::new()),
        Verb::Create(create) => create.run().await,
        Verb::Status(status) => status.run().await,
        Verb::Deploy(deploy) => deploy.run().await,
        Verb::Rollback(rollback) => rollback.run().await,
        Verb::Wait(wait) => wait.run().await,
        Verb::Deployments(deployments) => deployments.run().await,
        Verb::Logs(logs) => logs.run().await,
        Verb::Import(import) => import.run().await,
        Verb::User(user) => user.run().await,
        Verb::Token(token) => token.run().await,
        Verb::VerifyAudit { checkpoint } => record::verify_audit(&settings(sources)?, checkpoint.as_deref()).await,
        Verb::Backup { file } => record::backup(&settings(sources)?, &file).await,
        Verb::Restore { file } => record::restore(&settings(sources)?, &file).await,
        Verb::VerifyBackup { file } => record::verify_backup(&file),
        Verb::Config => Ok(settings(sources)?.describe()),
        Verb::Playbook(playbook) => playbook.run(),
        Verb::Judge(judge) => judge.run(),
        Verb::Fleet(fleet) => fleet.run().await,
        Verb::Openapi => {
            let text = web::rest::description().to_pretty_json();
            text.map(|text| text + "\n").map_err(|error| Fail::refused(error.to_string()))
        }
    }
}

/// All faults at once, and nothing is begun.
fn settings(sources: &Sources) -> Result<Settings, Fail> {
    sources
        .settle()
        .map_err(|faults| Fail::usage(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

fn serve(settings: Settings) -> anyhow::Result<ExitCode> {
    boot::start_logging(&settings);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(boot::serve(settings))
}
