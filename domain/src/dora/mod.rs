//! Leadership's figures: what deliveries say of themselves, by published definitions and from raw facts.
//!
//! ```text
//! History (facts of a product) ─► Book::set ─► columns ─► Book::report(Query) ─► Report
//!                                                   └──► Book::behind ─► the very events
//! ```
//!
//! Every figure says its value, on how much it rests, what was left out and why. Nothing is never zero: a rate or a
//! median of nothing is `None`. Facts are laid out once for each product and environment in columns ordered by time;
//! medians are exact and come from raw samples, however many products and however long the period (`matrix.rs`).
//!
//! Nothing here knows a clock. Cutting a period at the midnights of a zone is native only; reports are read anywhere.

mod band;
mod behind;
mod book;
mod bucket;
mod build;
mod definition;
mod editions;
mod facts;
mod fate;
mod figure;
#[cfg(not(target_arch = "wasm32"))]
mod heat;
pub mod import;
mod instant;
mod lane;
mod lead;
mod lookback;
mod matrix;
mod measure;
mod names;
mod pool;
mod report;
mod series;
mod suspect;
mod whole;

pub use band::{Band, Checked, Cluster, Edition, Reach, Standing};
pub use behind::{Behind, Row, Subject};
pub use book::Book;
#[cfg(not(target_arch = "wasm32"))]
pub use bucket::MOST_BUCKETS;
pub use bucket::{Bucket, Width};
pub use definition::{DEFINITION, HISTORY};
pub use editions::{EDITIONS, QUICK_CHECK_2025, QUICK_CHECK_CAVEAT, QUICK_CHECK_SOURCE, QuickCheck};
pub use facts::{Change, Deployment, History, Incident, Kind, Moments, Outcome};
pub use figure::{Bin, Direction, Distribution, Excluded, Figure, FigureName, Point, Trend, Unit};
#[cfg(not(target_arch = "wasm32"))]
pub use heat::Heat;
pub use lookback::Lookback;
pub use report::{OpenIncidents, Query, Report};
pub use series::Reason;
pub use suspect::Suspect;
