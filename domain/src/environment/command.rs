//! What can be asked concerning an environment.

use super::Outcome;
use crate::release::Version;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What already runs there is taken as it is.
    Adopt { version: Version },
    /// A deployment that somebody else's tool carried out.
    Report { version: Version, outcome: Outcome, url: Option<String> },
}
