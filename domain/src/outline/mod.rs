//! A Markdown text as headings with what stands below them, kept byte for byte, into which the machine writes without
//! ever touching a person's words.
//!
//! The machine remembers what it wrote ([`Written`]). What stands there still as it wrote it is its own: it may change
//! it and take it away again. Whatever a person changed, moved under another heading, added or removed is theirs, for
//! good. Changelogs and notes are written by this one rule.

mod blocks;
mod lines;
mod merge;
mod written;

pub use merge::{Entry, Form, Slot, merge};
pub use written::Written;

pub(crate) use {
    blocks::words,
    lines::{Kind, Lines, closed, newline},
};
