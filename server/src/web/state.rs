//! What every handler can reach.

use super::{Metrics, assets::Dist, events::Seats};
use crate::{
    auth::{Keys, cookie_name},
    config::Settings,
    demo::Wiping,
};
use app::session::SessionCookie;
use control::Control;
use std::{net::SocketAddr, ops::Deref, sync::Arc, time::Instant};
use tokio_util::sync::CancellationToken;

/// Which database holds the record, for `/status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    Sqlite,
    Postgresql,
    Memory,
}

#[derive(Debug, Clone)]
pub struct Web(Arc<Inner>);

#[derive(Debug)]
pub struct Inner {
    pub control: Control,
    pub settings: Settings,
    pub keys: Keys,
    pub database: DatabaseKind,
    pub dist: Option<Dist>,
    pub metrics: Metrics,
    pub seats: Seats,
    /// Cancelled when the process drains: streams end, `/ready` says no.
    pub stop: CancellationToken,
    pub started: Instant,
    /// Tells the requests of this process from those of the one before.
    pub boot_id: u64,
    /// Where the process listens.
    pub bound: SocketAddr,
    /// What ends the demonstration, where this is one.
    pub wiping: Option<Wiping>,
}

/// What a [`Web`] is made of.
#[derive(Debug)]
pub struct Parts {
    pub control: Control,
    pub settings: Settings,
    pub keys: Keys,
    pub database: DatabaseKind,
    pub stop: CancellationToken,
    pub bound: SocketAddr,
    pub wiping: Option<Wiping>,
}

impl Deref for Web {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Web {
    pub fn new(parts: Parts) -> Self {
        let Parts { control, settings, keys, database, stop, bound, wiping } = parts;
        let dist = Dist::find(settings.dist.as_deref());
        let boot_id = control.now().timestamp_millis().unsigned_abs();
        Self(Arc::new(Inner {
            control,
            settings,
            keys,
            database,
            dist,
            metrics: Metrics::default(),
            seats: Seats::default(),
            stop,
            started: Instant::now(),
            boot_id,
            bound,
            wiping,
        }))
    }

    /// What links begin with, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.settings.base_url(self.bound)
    }

    pub fn session_cookie(&self) -> SessionCookie {
        let secure = self.settings.is_https();
        SessionCookie { name: cookie_name("pilothouse", secure), secure }
    }
}
