//! An environment of a product: what runs there, since when, and what ran before.

mod command;
mod decide;
mod event;
mod evolve;
mod state;

#[cfg(test)]
mod tests;

pub use command::Command;
pub use decide::{Given, decide};
pub use event::{Event, Outcome};
pub use evolve::evolve;
pub use state::{Attempt, Environment, EnvironmentId, Run};
