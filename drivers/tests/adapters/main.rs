//! The drivers that can meet a real other side here: programs, a web server, HAProxy.

#[path = "../contract/mod.rs"]
mod contract;

mod between;
mod command;
mod haproxy;
mod http;
mod running;
mod tasks;
mod webhook;
