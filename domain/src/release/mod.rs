//! A release: what will go out, exactly as people approve it.

mod approval;
mod command;
mod contents;
mod decide;
mod event;
mod evolve;
mod numbering;
mod state;

#[cfg(test)]
mod tests;

pub use approval::{Approval, Slot, Verdict, slots};
pub use command::{Command, Create, Decision};
pub use contents::{Artifact, Change, Contents};
pub use decide::{cancel, create, decide, may_decide};
pub use event::Event;
pub use evolve::evolve;
pub use numbering::{Bump, Numbering, Version, number};
pub use state::{Phase, Release, ReleaseId, State};
