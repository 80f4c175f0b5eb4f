//! What people set in the calendar beside the playbook: rules of a product or of everywhere, and duties that rotate.
//!
//! A rule says when releases may leave or stay in port; the engine that reads it is [`crate::calendar`]. Setting one
//! takes the permission to promote on the product (release captains have it) or to administer; everywhere, to
//! administer.

mod command;
mod decide;
mod event;
mod evolve;
mod state;

pub use command::Command;
pub use decide::{MOST_RULES_SET, decide, may_set};
pub use event::Event;
pub use evolve::evolve;
pub use state::{SavedRule, Windows};
