//! How a playbook text becomes values: every fault is collected with its line and key, none stops the reading.
//!
//! A noun is declared once, by [`record!`], [`words!`], [`choice!`] or [`written!`]; reading, the known keys, the
//! stored form and the published schema all follow from that one declaration, so they cannot drift apart.

mod choice;
mod declared;
mod fault;
mod nearest;
mod plain;
mod reader;
mod record;
mod schema;
mod syntax;
mod words;
mod written;

pub(super) use {
    choice::choice,
    declared::Noun,
    reader::{Reader, Value},
    record::record,
    schema::{Definitions, described},
    syntax::syntax_faults,
    words::words,
    written::written,
};
pub use {fault::Fault, nearest::nearest, written::Unreadable};

/// What can stand in a playbook.
pub(super) trait Read: Sized {
    /// The value, or nothing after at least one fault was noted.
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self>;

    /// What a missing key means; `None` makes the key required.
    fn absent() -> Option<Self> {
        None
    }

    /// The JSON schema of it; named parts go into `definitions`.
    fn schema(definitions: &mut Definitions) -> serde_json::Value;
}
