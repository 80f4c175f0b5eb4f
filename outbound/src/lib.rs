//! The one way out over HTTP, for drivers and monitors: bounded in time and size, to allowed addresses only, one try, no
//! redirects; with what their settings have in common: fields, templates, secrets that are covered.
//!
//! What went wrong is told apart by whether the other side may have acted: see [`Outbound::send`] and [`Reply::fault`].
//! Each request has a connection of its own: on one kept open, a request that the other side closed upon could not be told
//! from a request it carried out.

mod addresses;
mod lost;
mod reply;
mod request;
pub mod settings;
pub mod template;
pub mod veil;

#[cfg(test)]
mod tests;

pub use addresses::Allowed;
pub use lost::{Lost, Stage};
pub use reply::Reply;
pub use request::{Request, address, place};
pub use veil::Veil;

use addresses::Guard;
use control::driver::{Certainty, Fault};
use domain::Refusal;
use reqwest::{Client, ClientBuilder, redirect::Policy};
use std::{sync::Arc, time::Duration};

/// What a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// Until the whole reply is read.
    pub total: Duration,
    /// The largest body of a reply, in bytes.
    pub reply: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), total: Duration::from_secs(30), reply: 1 << 20 }
    }
}

/// A client for one connection.
#[derive(Debug, Clone)]
pub struct Outbound {
    allowed: Arc<Allowed>,
    limits: Limits,
    plain: Client,
    /// None on a machine without certificates to check others by.
    secure: Option<Client>,
}

impl Outbound {
    /// Refused when an entry of the setting `allow_hosts` is no host.
    pub fn new(allow_hosts: &[String], limits: Limits) -> Result<Self, Refusal> {
        let allowed = Arc::new(Allowed::new(allow_hosts)?);
        // Fails only when somebody was faster, with the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = client(&allowed, limits)
            .tls_certs_only([])
            .build()
            .map_err(|why| Refusal::new(domain::Class::Unavailable, format!("No HTTP client could be made: {why}.")))?;
        // Without TLS nothing is lost when the machine has no certificates; with it, sending says so.
        let secure = client(&allowed, limits).build().ok();
        Ok(Self { allowed, limits, plain, secure })
    }

    /// Sends what is to change something once and reads the reply whole, whatever its status.
    ///
    /// The fault says whether anything may have happened: an address that is not allowed is *declined*; without a connection
    /// it was *not done*; once the request may have gone out it is *unknown*.
    pub async fn send(&self, request: Request) -> Result<Reply, Fault> {
        self.ask(request).await.map_err(Fault::from)
    }

    /// The same for a question, which changes nothing.
    pub async fn ask(&self, request: Request) -> Result<Reply, Lost> {
        let Request { method, url, headers, body, veil } = request;
        let place = place(&url);
        self.allowed.check(&url).map_err(|why| Lost::not_asked(Certainty::Declined, &place, why))?;
        let client = match url.scheme() {
            "https" => self.secure.as_ref().ok_or_else(|| {
                let why = "this machine has no certificates to know others by. \
                           Who runs it installs them (Debian: ca-certificates)";
                Lost::not_asked(Certainty::NotDone, &place, why)
            })?,
            _ => &self.plain,
        };
        let asked = client.request(method, url).headers(headers).body(body).send().await;
        let mut answer = asked.map_err(|why| Lost::of(&place, &why))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let mut body = Vec::new();
        let lost = loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.limits.reply => body.extend_from_slice(&chunk),
                Ok(Some(_)) => break Some(format!("it is larger than {} bytes", self.limits.reply)),
                Ok(None) => break None,
                Err(why) => break Some(lost::cause(&why.without_url())),
            }
        };
        match lost {
            // A reply that says no says so with its status already.
            Some(why) if (200..300).contains(&status) => {
                Err(Lost::reply(format!("{place} answered {status}, but its reply was lost: {why}.")))
            }
            // What is left of it might end in the middle of a secret.
            Some(_) => Ok(Reply { status, headers, body: Vec::new(), place, veil }),
            None => Ok(Reply { status, headers, body, place, veil }),
        }
    }
}

fn client(allowed: &Arc<Allowed>, limits: Limits) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("pilothouse/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        // A proxy would look up the address itself, past the rules.
        .no_proxy()
        .referer(false)
        .pool_max_idle_per_host(0)
        .connect_timeout(limits.connect)
        .timeout(limits.total)
        .dns_resolver(Guard(Arc::clone(allowed)))
}
