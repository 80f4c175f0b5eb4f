//! Adapters of the driver port: one folder for each kind of deploy tool.

mod argo_rollouts;
mod command;
mod github_actions;
mod haproxy;
mod kubernetes;
mod local;
mod vercel;
mod webhook;
mod workshop;

pub use workshop::Tools;
