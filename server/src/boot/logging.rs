//! Logs to standard error, for people or for machines.

use crate::config::{LogFormat, Settings};
use std::io;
use tracing_subscriber::{filter::Targets, fmt, prelude::*};

/// Begins logging; a second call changes nothing.
pub fn start(settings: &Settings) {
    let filter: Targets = settings.log.parse().unwrap_or_default();
    let registry = tracing_subscriber::registry().with(filter);
    let _ = match settings.log_format {
        LogFormat::Json => registry.with(fmt::layer().json().flatten_event(true).with_writer(io::stderr)).try_init(),
        LogFormat::Pretty => registry.with(fmt::layer().compact().with_writer(io::stderr)).try_init(),
    };
}
