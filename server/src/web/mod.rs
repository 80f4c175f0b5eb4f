//! Everything that speaks HTTP.

mod address;
mod assets;
mod body;
mod credential;
mod events;
mod feed;
mod health;
mod hooks;
mod metrics;
mod middleware;
mod pages;
pub mod rest;
mod router;
mod state;

pub use metrics::Metrics;
pub use router::router;
pub use state::{DatabaseKind, Parts, Web};
