//! From settings to a running house, and from a signal to a clean end.

mod build;
mod journal;
mod lifecycle;
mod listen;
mod logging;
pub(crate) mod playbooks;

pub use build::{Parts, assemble};
pub use journal::{location, open};
pub use lifecycle::serve;
pub use logging::start as start_logging;
pub use playbooks::BUNDLED;
pub(crate) use playbooks::publish as publish_playbooks;
