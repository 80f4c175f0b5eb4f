//! One folder or file per page; the server functions of a page stand beside it. In the browser lives only what changes
//! by itself or under the reader's hands; all else stays as the server rendered it.

pub mod release;

#[cfg(not(target_arch = "wasm32"))]
pub mod admin;
#[cfg(not(target_arch = "wasm32"))]
pub mod audit;
#[cfg(not(target_arch = "wasm32"))]
pub mod calendar;
#[cfg(not(target_arch = "wasm32"))]
pub mod demo;
#[cfg(not(target_arch = "wasm32"))]
pub mod dora;
#[cfg(not(target_arch = "wasm32"))]
pub mod known_issues;
#[cfg(not(target_arch = "wasm32"))]
pub mod me;
#[cfg(not(target_arch = "wasm32"))]
pub mod overview;
#[cfg(not(target_arch = "wasm32"))]
pub mod playbooks;
#[cfg(not(target_arch = "wasm32"))]
pub mod releases;
#[cfg(not(target_arch = "wasm32"))]
pub mod rollout;
#[cfg(not(target_arch = "wasm32"))]
pub mod set_up;
#[cfg(not(target_arch = "wasm32"))]
pub mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod sign_in;
#[cfg(not(target_arch = "wasm32"))]
pub mod welcome;
