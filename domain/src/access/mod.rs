//! Who may do what: a fixed table of permissions, roles that playbooks map to them, and what one actor may do now.

mod actor;
mod authority;
mod permission;

pub use actor::{Actor, NotAnActor, Via};
pub use authority::{Authority, HeldRole};
pub use permission::{Permission, Permissions, TokenScope};
