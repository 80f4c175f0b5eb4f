//! Processes of versions: started from a template, looked after, ended gently.

mod health;
mod instance;
mod life;
mod log;
mod orphans;
mod process;
mod template;

pub(crate) use instance::{Blueprint, Instance, Status};
pub(crate) use log::{forget_all_but, tail};
pub(crate) use orphans::end_orphans;
pub use template::check as check_template;
pub(crate) use template::program;
