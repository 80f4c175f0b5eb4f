//! Leadership's figures over what the record tells and what was imported.
//!
//! ```text
//! World ─► record::history ─┐
//!                           ├─► Book, laid out aside and swapped in ─► Control::deliveries
//! imported rows ────────────┘
//! ```
//!
//! Readers take the book as it is and never wait for one that is being laid out. Incidents of the record's own will join
//! in `record`; until then only imported ones are known.

mod asked;
mod importing;
mod keeping;
mod record;

pub use asked::{Asked, Words, figure_named};
pub use importing::{Form, Staged};
pub(crate) use keeping::Keeping;
pub use record::{NOT_KNOWN, history};
