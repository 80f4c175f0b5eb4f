//! Adapters of the monitor port: one folder for each kind of monitoring system.
//!
//! What they have in common: `access` (where and as whom to ask), `arms` (how arms and services are told apart) and
//! `number` (what counts as a value). Everything else that comes back is a reason in words.

mod access;
pub mod alertmanager;
mod arms;
mod flights;
pub mod health;
mod instruments;
pub mod json;
mod number;
pub mod prometheus;
pub mod scrape;

pub use instruments::Instruments;
