//! Long trials and measurements of Pilothouse: what is claimed is tried here, on the release binary and on the record.

mod bench;
mod campaign;
mod client;
mod place;
mod product;
mod report;
mod rest;
mod score;
mod seed;
mod service;
mod sides;
mod wire;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// What every trial is told.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// All chance follows from this number.
    #[arg(long, global = true, default_value_t = 1)]
    pub seed: u64,
    /// On both databases; without it on SQLite alone.
    #[arg(long, global = true)]
    pub postgres: bool,
    /// On PostgreSQL alone.
    #[arg(long, global = true)]
    pub postgres_only: bool,
    /// A PostgreSQL server on which databases may be made and dropped.
    #[arg(long, global = true, env = "PILOTHOUSE_TEST_POSTGRES", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The release binary; without it the one beside this program.
    #[arg(long, global = true, env = "PILOTHOUSE_BIN", hide_env_values = true, value_name = "FILE")]
    pub binary: Option<PathBuf>,
    /// A server built with the feature “failpoints”; `cargo xtask campaign` builds one.
    #[arg(long, global = true, env = "PILOTHOUSE_FAILPOINTS_BIN", hide_env_values = true, value_name = "FILE")]
    pub failpoints: Option<PathBuf>,
}

impl Settings {
    pub fn binary(&self) -> anyhow::Result<PathBuf> {
        let beside = || Ok::<_, std::io::Error>(std::env::current_exe()?.with_file_name("pilothouse"));
        let binary = self.binary.clone().map_or_else(beside, Ok)?;
        anyhow::ensure!(binary.is_file(), "there is no release binary: run `cargo xtask build` first");
        binary.canonicalize().context("the release binary cannot be found")
    }

    /// The same settings for trials on the binary that ends by itself.
    pub fn on_failpoints(&self) -> anyhow::Result<Self> {
        let binary =
            self.failpoints.clone().context("which server ends by itself? `cargo xtask campaign` builds one")?;
        Ok(Self { binary: Some(binary), ..self.clone() })
    }
}

#[derive(Debug, Parser)]
#[command(about = "Long trials and measurements of Pilothouse", version)]
struct Words {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// A long trial; the exit code says whether its claims hold.
    Campaign {
        #[command(subcommand)]
        which: campaign::Campaign,
    },
    /// Measurements; all of them when none is named.
    Bench(bench::Bench),
    /// The bare handler that pages are measured against; prints its address.
    #[command(hide = true)]
    Bare(bench::bare::Bare),
    /// The deploy program of a shop behind a load balancer.
    #[command(hide = true)]
    Slot(campaign::Slot),
    /// The program of the driver `command` in trials.
    #[command(hide = true)]
    Ledger(sides::command::Ledger),
    /// What the local fleet runs in trials.
    #[command(hide = true)]
    Instance(sides::instance::Instance),
}

#[tokio::main]
async fn main() -> ExitCode {
    let words = Words::parse();
    let done = match words.verb {
        Verb::Campaign { which } => campaign::run(which, &words.settings).await,
        Verb::Bench(asked) => bench::run(asked, &words.settings).await,
        Verb::Bare(asked) => bench::bare::serve(asked).await,
        Verb::Slot(asked) => campaign::fill(&asked),
        Verb::Ledger(asked) => match sides::command::run(asked).await {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Verb::Instance(asked) => sides::instance::serve(asked).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
