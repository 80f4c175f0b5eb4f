//! The local fleet: processes of versions behind a weighted router, in a process of their own that outlives the control
//! plane.

mod client;
mod ensure;
mod folder;
mod ledger;
mod metrics;
mod moment;
pub mod protocol;
mod router;
mod serve;
mod service;
mod socket;
mod state;
mod supervisor;

pub use client::{Client, Silence};
pub use ensure::ensure_running;
pub use ledger::{Entry, Mark, read_ledger};
pub use router::{Arm, BOUNDS, COOKIE_NAME, Counts, Router, Sticky, WHOLE};
pub use serve::{Options, serve};
pub use supervisor::check_template;
