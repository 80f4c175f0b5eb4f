//! A product: what is released, under which playbook.

mod command;
mod decide;
mod event;
mod evolve;
mod state;

pub use command::Command;
pub use decide::decide;
pub use event::Event;
pub use evolve::evolve;
pub use state::Product;
