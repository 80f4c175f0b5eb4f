//! An environment of a product: what runs there, since when, and what ran before.

mod command;
mod connection;
mod decide;
mod event;
mod evolve;
mod state;

#[cfg(test)]
mod tests;

pub use command::Command;
pub use connection::Connection;
pub use decide::{Given, decide};
pub use event::{Event, Outcome};
pub use evolve::{evolve, follow};
pub use state::{Attempt, Drift, Environment, EnvironmentId, Held, Run};
