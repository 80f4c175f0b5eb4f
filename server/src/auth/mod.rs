//! Secrets: made, hashed, sealed; and the cookies that carry them.

mod cookie;
mod keys;
mod secrets;

pub use cookie::{Cookies, clear_cookie, cookie_name, short_cookie};
pub use keys::{Keys, NotSealed};
pub use secrets::MachineSecrets;
