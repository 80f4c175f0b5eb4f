//! What people see: pages, components, live updates, and the server functions behind them.
//!
//! Compiled for the server it renders every page whole; compiled for wasm32 it takes the page over in the browser, and
//! then knows `domain` only. Which of the two is chosen by target, never by crate features.

#![recursion_limit = "256"]

pub mod components;
pub mod failure;
pub mod forms;
pub mod functions;
pub mod inbox;
pub mod icons;
pub mod live;
pub mod pages;
mod routes;
mod skeleton;
mod theme;
pub mod viewer;

#[cfg(not(target_arch = "wasm32"))]
mod asking;
#[cfg(target_arch = "wasm32")]
mod manners;
#[cfg(not(target_arch = "wasm32"))]
pub mod session;
#[cfg(not(target_arch = "wasm32"))]
mod shell;

pub use failure::{Failure, status};
pub use functions::{Needs, SERVER_FUNCTIONS};
pub use routes::App;
#[cfg(not(target_arch = "wasm32"))]
pub use shell::shell;

/// Takes over the page that the server rendered.
#[cfg(target_arch = "wasm32")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
