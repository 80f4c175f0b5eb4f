//! Gates: what stands before an environment, whether it is met, and if not, who does what to open it.
//!
//! Pure functions of state and time: [`assess`] is asked by pages, by REST and, under the write lock, by dispatch.

mod assess;
mod condition;
mod finding;
mod item;
mod list;
mod people;
mod reported;
mod scan;
mod scene;
mod status;
mod time;
mod verified;

#[cfg(test)]
mod tests;

pub use assess::{assess, next_environment, unmet};
pub use condition::applies;
pub use item::{ItemState, ItemStatus};
pub use list::{ListStatus, due_at, lists, may_mark};
pub use people::{Awaited, Place, awaited, places};
pub use scan::{SarifFault, findings_of_sarif};
pub use scene::{Openings, Scene};
pub use status::{Act, Proof, State, Status};
pub use verified::{Sight, see};

#[cfg(not(target_arch = "wasm32"))]
mod almanac;
#[cfg(not(target_arch = "wasm32"))]
pub use almanac::Almanac;
