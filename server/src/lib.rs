//! The outside: composition and boot, configuration, sign-in, web and command line. Rules live in `domain`.

pub mod auth;
pub mod boot;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod web;
