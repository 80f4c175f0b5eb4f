//! What a release *is*: types, decisions and their consequences, all pure.
//!
//! Nothing here knows a clock, randomness, IO or a framework; the same code runs in the server and in the browser.
//! Every aggregate is a folder with `command.rs`, `event.rs`, `state.rs`, `decide.rs` and `evolve.rs`.

pub mod access;
pub mod automation;
pub mod calendar;
pub mod change;
pub mod changelog;
pub mod digest;
pub mod dora;
pub mod environment;
pub mod gate;
pub mod journal;
pub mod judge;
pub mod known_issue;
pub mod notes;
pub mod outline;
pub mod person;
pub mod playbook;
pub mod product;
pub mod refusal;
pub mod release;
pub mod rollout;
#[cfg(not(target_arch = "wasm32"))]
pub mod search;
pub mod slug;
pub mod text;
pub mod window;

pub use refusal::{Class, Refusal};

/// An instant in UTC; local times exist only where a rule names its zone.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
