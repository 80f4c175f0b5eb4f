//! What the system *does*: orders in, events out, read models kept, and the ports to the outside.
//!
//! Everything that changes state comes through [`Control::dispatch`]; everything shown is read from a [`World`].

pub mod audit;
pub mod calendar;
pub mod clock;
mod control;
pub mod dispatch;
pub mod dora;
pub mod driver;
pub mod journal;
pub mod known_issues;
pub mod memory;
pub mod monitor;
pub mod people;
pub mod rollout;
mod search;
pub mod sight;
pub mod tasks;
pub mod vault;
pub mod world;

pub use control::{Announcement, Control, Opening};
pub use dispatch::{Command, Order, Outcome, Receipt};
pub use sight::Sight;
pub use world::World;
