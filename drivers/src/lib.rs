//! Adapters of the driver port: one folder for each kind of deploy tool.

mod accepted;
pub mod argo_rollouts;
pub mod command;
pub mod github_actions;
pub mod haproxy;
pub mod kubernetes;
mod local;
mod patience;
mod prober;
mod share;
mod template;
pub mod vercel;
pub mod webhook;
mod workshop;

pub use accepted::Accepted;
pub use local::{Home, LocalDriver};
pub use workshop::Tools;

// Shared with monitors.
use outbound::{self, settings, veil};
