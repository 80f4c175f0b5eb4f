//! The settings in force.

use super::{Networks, OPTIONS, Secret};
use control::rollout::CrashPoint;
use std::{fmt::Write as _, net::SocketAddr, path::PathBuf};
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Json,
    Pretty,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database_url: Option<Secret>,
    pub public_url: Option<Url>,
    pub trusted_proxies: Networks,
    /// Where the browser files are, when they are not where they usually are.
    pub dist: Option<PathBuf>,
    pub log_format: LogFormat,
    pub log: String,
    pub admin_token: Option<Secret>,
    pub demo: bool,
    pub demo_speed: u32,
    pub secret_key: Option<Secret>,
    /// Only in builds with the `test-clock` feature: where time begins.
    pub now: Option<domain::Timestamp>,
    /// Only in builds with the `failpoints` feature: where the process ends by itself, in a step with which action.
    pub crash_at: Option<(CrashPoint, String)>,
    /// Each setting by name, its value as text (secrets hidden) and where it came from.
    pub origins: Vec<(&'static str, String, String)>,
}

impl Settings {
    /// Whether people come over TLS, at least up to the proxy in front.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// What links begin with, without a slash at the end.
    pub fn base_url(&self, bound: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{bound}"),
        }
    }

    /// The effective values as a TOML file with their sources as comments; secrets hidden.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        for (name, value, origin) in &self.origins {
            let value = if value.parse::<u32>().is_ok() || matches!(value.as_str(), "true" | "false") {
                value.clone()
            } else {
                toml::Value::from(value.as_str()).to_string()
            };
            let hash = if origin == "not set" { "# " } else { "" };
            let _ = writeln!(text, "{hash}{name} = {value}  # {origin}");
        }
        text
    }

    /// For tests and for tools inside the process: the defaults over a data folder.
    pub fn for_data(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            database_url: None,
            public_url: None,
            trusted_proxies: Networks::default(),
            dist: None,
            log_format: LogFormat::Pretty,
            log: "info".to_owned(),
            admin_token: None,
            demo: false,
            demo_speed: 1,
            secret_key: None,
            now: None,
            crash_at: None,
            origins: Vec::with_capacity(OPTIONS.len()),
        }
    }
}
