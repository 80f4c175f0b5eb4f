//! The settings of a product: what moves versions in each of its environments, what runs there, and the switch that stops
//! all automation.

mod driver;
mod functions;
mod model;
mod page;
mod place;
pub mod switch;
mod words;

pub use functions::{Adopt, Connect, Disconnect, adopt, connect, disconnect};
pub use page::SettingsPage;

/// The form of a driver; what it says is shown where it stands.
pub(crate) const FORM: &str = "/do/connect";
