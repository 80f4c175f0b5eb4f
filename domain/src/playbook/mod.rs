//! A playbook: a team's release procedure as data, with revisions that releases stay on.

mod event;
mod parse;
mod rules;

#[cfg(test)]
mod tests;

pub use event::{Event, Published, evolve};
pub use parse::{Fault, parse};
pub use rules::{Environment, Playbook, ReleaseType, Requirement, Revision, Role};
