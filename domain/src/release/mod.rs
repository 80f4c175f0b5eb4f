//! A release: what will go out, exactly as people approve it.

mod approval;
mod command;
mod contents;
mod decide;
mod event;
mod evolve;
mod moving;
mod numbering;
mod pre_release;
mod record;
mod report;
mod state;

#[cfg(test)]
mod tests;

pub use approval::{Approval, Slot, Verdict, slots, slots_in};
pub use command::{Command, Create, Decision, Edit};
pub use contents::{Artifact, Change, Contents, Traits};
pub use decide::{Given, create, decide, may_decide, may_sign};
pub use event::Event;
pub use evolve::evolve;
pub use moving::{move_to, obstacles};
pub use numbering::{Bump, Numbering, Version, number};
pub use pre_release::pre_release;
pub use record::{Cancelled, Hold, Lifted, Mark, Marked, Planned, Sent, SetAside, Waiver};
pub(crate) use report::address;
pub use report::{CheckState, Migration, Report, Reported};
pub use state::{Phase, Release, ReleaseId, State};
