//! The sequential canary judge: one anytime-valid e-value for errors, latency and throughput.
//!
//! Feed it one window at a time; look after every window without inflating false alarms. The definition, its reference
//! values and three recorded rollouts live in `testdata/` and are tests. Nothing here knows a clock, a file or a network:
//! the caller says how long a window was and what the monitors answered.
//!
//! ```text
//! History ─► Judge::new ─► start_phase / observe(Window) ─► Verdict ─► facts() for people
//! ```

mod errors;
mod evidence;
mod exact;
mod facts;
mod gamma;
mod histogram;
mod history;
mod interval;
mod invalid;
mod latency;
mod mixture;
mod needed;
mod one_sample;
mod panel;
mod phase;
mod process;
mod promotion;
mod quantile_band;
pub mod replay;
pub mod rules;
mod sentence;
mod settings;
mod share;
mod tail;
mod tally;
mod throughput;
pub mod trace;
mod trace_error;
mod trace_header;
mod trace_row;
pub mod trace_text;
mod verdict;
mod window;

#[cfg(test)]
mod tests;

pub use evidence::{Boundary, Exposure, log_e};
pub use facts::{ErrorRates, Facts, SlowShare, Split};
pub use histogram::{Bounds, Histogram};
pub use history::History;
pub use interval::{RatioInterval, log_bayes_factor, rate_ratio_interval};
pub use invalid::Invalid;
pub use needed::{Needed, Outcome};
pub use panel::{Ground, Panel, Word};
pub use process::Judge;
pub use quantile_band::{dkw_band, quantile_band};
pub use settings::{Alpha, Settings};
pub use share::Share;
pub use trace_error::TraceError;
pub use verdict::{Decision, HoldReason, Metric, Verdict};
pub use window::{Arm, Reading, Window, WindowLength};
