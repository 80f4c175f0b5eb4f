//! Rollouts: the page of one, the list of a product's, and the parts of them that other pages show.

mod back;
mod charts;
mod controls;
mod face;
mod functions;
mod hand;
mod hold;
pub mod list;
mod model;
mod page;
mod steps;
mod timeline;
mod verdict;

pub(crate) use charts::{Charts, Part, charts};
pub(crate) use face::{badge, face, progress, waits, watch_ends, weight};
pub(crate) use functions::place;
pub use functions::{
    Promote, Resolve, ResumeEnvironment, RollBack, Steer, promote, resolve, resume_environment, roll_back, steer,
};
pub(crate) use hold::Resume;
pub(crate) use model::playbook;
pub use page::DeploymentPage;
pub(crate) use steps::plan;
