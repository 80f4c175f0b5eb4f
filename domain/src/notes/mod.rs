//! The notes of a release, drafted for one audience from its changes and known issues, in the sections of the playbook.
//!
//! A draft is Markdown that people edit; drafting again keeps their words by the rule of [`crate::outline`].

mod draft;
mod plan;
mod present;
mod tell;
mod topic;

pub use draft::{Source, draft};
pub use present::{empty_sections, presented};
