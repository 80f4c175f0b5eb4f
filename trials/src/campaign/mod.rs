//! The long trials: each sets something up, does its worst, and says whether the claim held.

mod backup;
mod crash;
mod detection;
mod edits;
mod journal;
mod kill;
mod own;
mod races;
mod tamper;
pub mod traffic;
mod vandal;

pub use traffic::{Slot, fill};

use crate::Settings;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Campaign {
    /// Concurrent writers and a reader: every number once, in order, none skipped.
    Journal(journal::Journal),
    /// `kill -9` while people approve, then while rollouts are under way; sizes are set with the two by themselves.
    Kill(kill::Kill),
    /// `kill -9` while people approve: nothing acknowledged is lost, nothing happens twice.
    KillApprovals(kill::KillApprovals),
    /// `kill -9` while rollouts are under way: none is lost, no step happens twice, all come to an end.
    KillRollouts(kill::KillRollouts),
    /// Approvals while the release is edited: none ever counts for contents it was not given for.
    Edits(edits::Edits),
    /// Backup under load, restored elsewhere, verified.
    Backup(backup::Backup),
    /// Every kind of tampering with the record is detected.
    Tamper(tamper::Tamper),
    /// Customers keep asking while versions come, go and turn back: none meets a failure.
    Traffic(traffic::Traffic),
    /// A fault comes while a version has a quarter of the traffic: how long until the traffic is back.
    Detection(detection::Detection),
    /// The control plane ends at each point of a step: nothing happens twice, nothing is tried again without asking.
    CrashPoints(crash::CrashPoints),
    /// Many promote at the same moment: one wins, and no rollback ever loses.
    Races(races::Races),
    /// All of them.
    All(All),
}

#[derive(Debug, Args)]
pub struct All {
    /// Minutes instead of hours: what continuous integration runs.
    #[arg(long)]
    short: bool,
}

pub async fn run(which: Campaign, settings: &Settings) -> anyhow::Result<()> {
    match which {
        Campaign::Journal(asked) => journal::run(&asked, settings).await,
        Campaign::Kill(asked) => kill::run(&asked, settings).await,
        Campaign::KillApprovals(asked) => kill::approvals::run(&asked, settings).await,
        Campaign::KillRollouts(asked) => kill::rollouts::run(&asked, settings).await,
        Campaign::Edits(asked) => edits::run(&asked, settings).await,
        Campaign::Backup(asked) => backup::run(&asked, settings).await,
        Campaign::Tamper(asked) => tamper::run(&asked, settings).await,
        Campaign::Traffic(asked) => traffic::run(&asked, settings).await,
        Campaign::Detection(asked) => detection::run(&asked, settings).await,
        Campaign::CrashPoints(asked) => crash::run(&asked, settings).await,
        Campaign::Races(asked) => races::run(&asked, settings).await,
        Campaign::All(All { short }) => all(short, settings).await,
    }
}

/// Every campaign runs, also after one has failed.
async fn all(short: bool, settings: &Settings) -> anyhow::Result<()> {
    // Both databases wherever there are both.
    let postgres = settings.postgres || settings.database_url.is_some();
    let settings = &Settings { postgres, ..settings.clone() };
    let ended = [
        journal::run(&journal::Journal::sized(short), settings).await,
        tamper::run(&tamper::Tamper::sized(short), settings).await,
        edits::run(&edits::Edits::sized(short), settings).await,
        kill::approvals::run(&kill::KillApprovals::sized(short), settings).await,
        kill::rollouts::run(&kill::KillRollouts::sized(short), settings).await,
        races::run(&races::Races::sized(short), settings).await,
        crash::run(&crash::CrashPoints::sized(short), settings).await,
        backup::run(&backup::Backup::sized(short), settings).await,
        traffic::run(&traffic::Traffic::sized(short), settings).await,
    ];
    let all = ended.len();
    let mut failed = 0;
    for error in ended.into_iter().filter_map(Result::err) {
        failed += 1;
        eprintln!("{error:#}");
    }
    anyhow::ensure!(failed == 0, "campaign all: {} passed, {failed} failed", all - failed);
    println!("campaign all: {all} passed, 0 failed");
    Ok(())
}
