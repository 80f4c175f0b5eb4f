//! The calendar: what happens when, the rules that people set, what a rule would change, and who is on.

pub mod list;
pub mod rotations;
pub mod windows;
