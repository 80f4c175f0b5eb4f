//! A rollout: a version on its way into an environment, step by step, and the way back.
//!
//! Its events stand in the stream of the environment, which owns the lock: whoever starts one and whoever is second is
//! settled in one place. [`next`] says what is to be done; `control` does it.

mod abilities;
mod action;
mod clock;
mod command;
mod decide;
mod event;
mod evolve;
mod id;
mod next;
mod plan;
mod state;

#[cfg(test)]
mod tests;

pub use abilities::Abilities;
pub use action::{Action, ActionKind};
pub use clock::{Clock, clock};
pub use command::{Command, Report, Start, Verb};
pub use decide::{Given, decide};
pub use event::{End, Ending, Event, Opinion, Purpose};
pub use evolve::evolve;
pub use id::RolloutId;
pub use next::{GRACE, Next, STUCK, is_stuck, next};
pub use plan::{Patience, PlannedStep, Wish, plan, way_back};
pub use state::{Cause, Judged, Rollout, State, Step, StepState, Stop, Turn};
