//! The settings of a product: what moves versions in each of its environments, what runs there and what measures it, and
//! the switch that stops all automation.

mod alarms;
mod connection;
mod driver;
mod functions;
mod model;
mod monitor;
mod monitoring;
mod monitors;
mod page;
mod past;
mod place;
pub mod switch;
mod trial;
mod words;

pub use functions::{
    Adopt, AskMonitor, ClearAlarm, Connect, Disconnect, Unwatch, Watch, adopt, ask_monitor, clear_alarm, connect,
    disconnect, unwatch, watch,
};
pub use monitor::MonitorPage;
pub use page::SettingsPage;

/// The form of a driver.
const CONNECT: &str = "/do/connect";
/// The form of a monitor.
const WATCH: &str = "/do/watch";
/// The button that asks a monitor.
const ASK: &str = "/do/ask_monitor";

/// What these say is shown where they stand.
pub(crate) const FORMS: [&str; 3] = [CONNECT, WATCH, ASK];
