//! A known issue: what is broken, for whom, what helps meanwhile, and since when it is mended.
//!
//! It is carried from release to release until it is fixed or closed; [`KnownIssue::affects`] says which versions have
//! it. Whoever authors releases, ticks checklists (support does) or responds to incidents keeps known issues.

mod affected;
mod command;
mod decide;
mod event;
mod evolve;
mod state;
mod told;

pub use affected::Affected;
pub use command::{Command, Edit, Report};
pub use decide::{Given, audience_named, decide, may_keep, severities, state_named};
pub use event::Event;
pub use evolve::evolve;
pub use state::{Closed, Details, KnownIssue, KnownIssueId, State, carried, fixed_with};
pub use told::told;
