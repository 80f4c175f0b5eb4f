//! What may be done concerning an environment, and by whom.

use super::{Command, Environment, Event};
use crate::{
    Refusal,
    access::{Authority, Permission},
    playbook::GateId,
    release::address,
};

/// What a decision rests on beside the environment itself.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub by: &'a Authority,
    /// Whether Pilothouse knows a release of the version that is spoken of.
    pub known: bool,
    /// Gates of that release before this environment that are not met now.
    pub unmet: &'a [GateId],
}

pub fn decide(state: &Environment, command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    given.by.require(Permission::Promote, "record deployments")?;
    match command {
        Command::Adopt { version } => {
            let same = state.running().is_some_and(|run| run.version == version);
            Ok(if same { vec![] } else { vec![Event::Adopted { version }] })
        }
        Command::Report { version, outcome, url } => {
            let url = address(url)?;
            if !given.known {
                return Err(Refusal::invalid(
                    "version",
                    format!("“{version}”"),
                    "a version of which there is a release; adopt one that is older than Pilothouse",
                ));
            }
            Ok(vec![Event::Deployed { version, outcome, url, against: given.unmet.to_vec() }])
        }
    }
}
