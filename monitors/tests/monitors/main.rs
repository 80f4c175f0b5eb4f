//! Monitors against real monitoring systems and against servers that misbehave.

mod alerting;
mod demo;
mod given;
mod health;
mod http;
mod json;
mod native;
mod prometheus_faults;
mod real;
mod running;
mod scrape;
mod scrape_faults;
mod settings;
