//! A rollout: a version on its way into an environment, step by step, and the way back.

mod abilities;
mod action;
mod id;

pub use abilities::Abilities;
pub use action::{Action, ActionKind};
pub use id::RolloutId;
