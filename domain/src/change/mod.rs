//! What changed between two points of a history, told from its commits by the Conventional Commits 1.0.
//!
//! A source hands over [`Commit`]s; [`changes`] sorts each of them into exactly one list of [`Changes`]: what counts,
//! what does not follow the convention, what was taken back, what only joined others. [`suggest`] says which bump
//! that amounts to, and why.

mod commit;
mod dependency;
mod found;
mod history;
mod joined;
mod message;
mod reference;
mod revert;
mod rules;
mod suggestion;

pub use commit::{Commit, NotASha, Sha};
pub use dependency::Dependency;
pub use found::{Cancelled, Change, Changes, Nonconforming, Origin};
pub use history::changes;
pub use message::{Footer, Message, Offence};
pub use reference::Issue;
pub use rules::Rules;
pub use suggestion::{Suggestion, suggest};
