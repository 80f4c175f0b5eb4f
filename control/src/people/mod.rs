//! People coming and going: set-up, invitations, signing in, passwords, tokens.
//!
//! Every face (page, REST, command line) calls these; secrets are made and checked through the [`Secrets`] port.

mod admin;
mod secrets;
mod session;
mod throttle;
mod token;

pub use admin::{AddPerson, Invited};
pub use secrets::{Secrets, token_secret};
pub(crate) use session::Sessions;
pub use session::{NewSession, SignIn};
pub(crate) use throttle::Throttle;
pub use token::{IssueToken, Issued};
