//! An environment of a product: what runs there, since when, what ran before, and what watches it.

mod alarm;
mod command;
mod connection;
mod decide;
mod event;
mod evolve;
mod state;
mod watching;

#[cfg(test)]
mod tests;

pub use alarm::{Alarm, MONITORING, MOST_ALARMS, Raised};
pub use command::Command;
pub use connection::Connection;
pub use decide::{Given, decide};
pub use event::{Event, Outcome};
pub use evolve::{evolve, follow};
pub use state::{Attempt, Drift, Environment, EnvironmentId, Held, Run};
pub use watching::Watching;
