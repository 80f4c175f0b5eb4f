//! Rollouts through orders and the engine, against a place in memory that keeps its own ledger.

mod house;
mod judged;
mod lost;
mod monitored;
mod race;
mod told;
mod way_back;
mod way_in;
