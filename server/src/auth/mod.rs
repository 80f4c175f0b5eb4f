//! Secrets: made, hashed, sealed; and the cookies that carry them.

mod cookie;
mod keys;
mod secrets;

pub use cookie::{Cookies, SessionCookie, clear_cookie, short_cookie};
pub use keys::{Keys, NotSealed};
pub use secrets::MachineSecrets;
