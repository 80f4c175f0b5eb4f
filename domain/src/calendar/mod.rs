//! The calendar: when releases may leave, what keeps them in port, and why.
//!
//! Rules name local times in an IANA zone; instants are computed with the zone's rules at that date. The types of
//! rules and answers build everywhere; what needs the time-zone database is native only, so that the browser bundle
//! holds none.
//!
//! When clocks change: a local time that is skipped moves forward by the gap's length, one that is shown twice is the
//! first (both as in RFC 5545). Hours and minutes elapse; days and end times are read from the wall. A window whose
//! end would come no later than its moved start begins at the jump instead, and does not happen when nothing is left.
//! Stretches of time hold their start and not their end, so a gate opens at the very instant a blackout ends.
//!
//! A gate is open when all hold: in a train's departure (if trains concern the release), in a low-traffic window (if
//! such windows do), in no closing window, and late enough after notice.

mod clock_time;
mod conflict;
mod departure;
mod draft;
mod feed;
mod gate;
mod length;
mod moment;
mod occurrence;
mod period;
mod rotation;
mod rrule;
mod rule;
mod schedule;
mod scope;
mod zone_name;

#[cfg(not(target_arch = "wasm32"))]
mod book;
#[cfg(not(target_arch = "wasm32"))]
mod charted;
#[cfg(not(target_arch = "wasm32"))]
mod conflicts;
#[cfg(not(target_arch = "wasm32"))]
mod due;
#[cfg(not(target_arch = "wasm32"))]
mod interval_set;
#[cfg(not(target_arch = "wasm32"))]
mod local;
#[cfg(not(target_arch = "wasm32"))]
mod passage;
#[cfg(not(target_arch = "wasm32"))]
mod roster;
#[cfg(not(target_arch = "wasm32"))]
mod simulate;
#[cfg(not(target_arch = "wasm32"))]
mod zone;

pub use clock_time::ClockTime;
pub use conflict::{Conflict, ConflictKind, Simulation};
pub use departure::{Departure, Due};
pub use draft::RuleDraft;
pub use feed::{Entry, Feed};
pub use gate::{Closure, Opening, State, Voyage, Why};
pub use length::{LONGEST_DAYS, Length, Minutes};
pub use moment::{Moment, Point};
pub use occurrence::{Occurrence, Part, Stretch};
pub use period::{LONGEST_PERIOD_DAYS, Period};
pub use rotation::{Override, Rotation, RotationDraft, Turn};
pub use rrule::{ByDay, Dates, Ends, FIRST_YEAR, Frequency, LAST_YEAR, Rrule, Until};
pub use rule::{Body, CutOff, Kind, Rule, Train, Window};
pub use schedule::{Repeats, Schedule};
pub use scope::{Scope, Types};
pub use zone_name::ZoneName;

#[cfg(not(target_arch = "wasm32"))]
pub use book::{Calendar, MOST_RULES, about_rule};
#[cfg(not(target_arch = "wasm32"))]
pub use conflicts::MOST_CONFLICTS;
#[cfg(not(target_arch = "wasm32"))]
pub use local::local_time;
#[cfg(not(target_arch = "wasm32"))]
pub use passage::{HORIZON_DAYS, MOST_OPENINGS};
#[cfg(not(target_arch = "wasm32"))]
pub use roster::Roster;
