//! The drivers that can meet a real other side here: programs, a web server, HAProxy.

#[path = "../contract/mod.rs"]
mod contract;

mod command;
mod http;
mod tasks;
mod webhook;
