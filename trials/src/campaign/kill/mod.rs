//! `kill -9` at random moments: while people approve, and while rollouts are under way.

pub mod approvals;
mod mover;
pub mod rollouts;
mod storm;

pub use approvals::KillApprovals;
pub use rollouts::KillRollouts;

use crate::Settings;
use clap::Args;

#[derive(Debug, Args)]
pub struct Kill {
    /// Minutes instead of hours: what continuous integration runs.
    #[arg(long)]
    short: bool,
}

/// The second is run although the first has failed.
pub async fn run(asked: &Kill, settings: &Settings) -> anyhow::Result<()> {
    let approvals = approvals::run(&KillApprovals::sized(asked.short), settings).await;
    let rollouts = rollouts::run(&KillRollouts::sized(asked.short), settings).await;
    approvals.and(rollouts)
}
