//! A changelog as Keep a Changelog 1.1 has it: read without losing a byte, written from changes, edited by people.
//!
//! What the machine writes and what is a person's is told apart by [`crate::outline`].

mod document;
mod entry;
mod links;
mod style;
mod write;

pub use document::{About, Document, Section};
pub use entry::{entries, section_of};
pub use links::Links;
pub use style::Style;
pub use write::{Target, regenerate, release};

pub(crate) use entry::{line, plain};
