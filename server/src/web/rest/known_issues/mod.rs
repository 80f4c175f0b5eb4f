//! Known issues: found, and kept by those who may.

pub mod keep;
pub mod list;
pub mod search;
