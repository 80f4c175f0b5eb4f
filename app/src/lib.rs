//! What people see: pages, components, live updates, and the server functions behind them.
//!
//! Compiled for the server it renders every page whole. Compiled for wasm32 it holds only the parts of pages that live in
//! the browser: the state of the connection, and a release that changes while somebody looks at it. It takes those over
//! where the server rendered them, and knows `domain` only. Which of the two is chosen by target, never by crate features.

#![recursion_limit = "256"]
#![expect(clippy::needless_pass_by_value, reason = "components own what they are given")]
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::unused_async, reason = "server functions are async, whether or not there is something to wait for")
)]

pub mod components;
pub mod failure;
pub mod forms;
pub mod icons;
pub mod live;
pub mod pages;
mod part;
mod status;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(not(target_arch = "wasm32"))]
mod asking;
#[cfg(not(target_arch = "wasm32"))]
mod document;
#[cfg(not(target_arch = "wasm32"))]
pub mod functions;
#[cfg(not(target_arch = "wasm32"))]
pub mod inbox;
#[cfg(not(target_arch = "wasm32"))]
mod routes;
#[cfg(not(target_arch = "wasm32"))]
pub mod session;
#[cfg(not(target_arch = "wasm32"))]
mod shell;
#[cfg(not(target_arch = "wasm32"))]
mod skeleton;
#[cfg(not(target_arch = "wasm32"))]
mod stopped;
#[cfg(not(target_arch = "wasm32"))]
mod theme;
#[cfg(not(target_arch = "wasm32"))]
pub mod viewer;

#[cfg(target_arch = "wasm32")]
pub use browser::begin;
#[cfg(not(target_arch = "wasm32"))]
pub use document::Document;
#[cfg(not(target_arch = "wasm32"))]
pub use failure::Failure;
pub use failure::status;
#[cfg(not(target_arch = "wasm32"))]
pub use functions::{Needs, SERVER_FUNCTIONS};
#[cfg(not(target_arch = "wasm32"))]
pub use pages::admin::editor::PUBLISH as EDITOR_FORM;
#[cfg(not(target_arch = "wasm32"))]
pub use pages::known_issues::FORMS as KNOWN_ISSUE_FORMS;
#[cfg(not(target_arch = "wasm32"))]
pub use routes::App;
#[cfg(not(target_arch = "wasm32"))]
pub use shell::{Head, shell};
