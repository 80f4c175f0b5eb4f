//! What every request passes on its way in and out.

mod crosssite;
mod headers;
mod panics;
mod trace;
mod who;

pub use crosssite::{is_own_origin, same_site};
pub use headers::secure;
pub use panics::caught;
pub use trace::traced;
pub use who::known;
