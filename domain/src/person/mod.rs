//! A person as the record knows them: an id with roles, stand-ins and tokens. Names and secrets live elsewhere and can be erased.

mod command;
mod decide;
mod event;
mod evolve;
mod id;
mod state;

pub use command::Command;
pub use decide::{Others, decide};
pub use event::Event;
pub use evolve::evolve;
pub use id::{PersonId, TokenId};
pub use state::{Grant, Nature, Person, Reach, StandIn, Token};
