//! One request, with what must not be shown of it.

use crate::{Veil, settings::wrong};
use control::driver::{Fault, Secret};
use domain::Refusal;
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;
use std::fmt;
use url::Url;

/// To be sent once, by [`super::Outbound::send`].
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) veil: Veil,
}

impl Request {
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Vec::new(), veil: Veil::default() }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Result<Self, Fault> {
        let value = HeaderValue::from_str(value)
            .map_err(|_| Fault::declined(format!("The header {name} cannot hold what was to be sent in it.")))?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    /// A header with a secret behind a word such as `Bearer `; what comes back of it in a reply is covered.
    pub fn secret_header(mut self, name: &'static str, before: &str, secret: &Secret) -> Result<Self, Fault> {
        let mut value = HeaderValue::from_str(&format!("{before}{}", secret.reveal().trim())).map_err(|_| {
            Fault::declined(format!("The secret for the header {name} holds letters that no header can hold."))
        })?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self.hiding(secret))
    }

    /// Covers a secret in the reply that is not in a header of this request.
    #[must_use]
    pub fn hiding(mut self, secret: &Secret) -> Self {
        self.veil.add(secret);
        self
    }

    pub fn json(self, body: &impl Serialize) -> Result<Self, Fault> {
        let bytes = serde_json::to_vec(body)
            .map_err(|why| Fault::declined(format!("The request could not be written as JSON: {why}.")))?;
        Ok(self.json_bytes(bytes))
    }

    /// A form, as browsers send it.
    #[must_use]
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        self.body = form.extend_pairs(pairs).finish().into_bytes();
        self
    }

    /// JSON that is written already: what was signed is what is sent.
    #[must_use]
    pub fn json_bytes(mut self, body: Vec<u8>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = body;
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {}, {} bytes)", self.method, place(&self.url), self.body.len())
    }
}

/// The address that stands in a setting: http or https, with a host, without a name and password in it.
pub fn address(field: &str, text: &str) -> Result<Url, Refusal> {
    let allowed = "an address such as https://deploy.example/pilothouse, without a name and password in it";
    let url: Url = text.parse().map_err(|why| wrong(field, format!("“{text}” ({why})"), allowed))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(field, "a name or password in the address", allowed));
    }
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong(field, format!("“{text}”"), allowed));
    }
    Ok(url)
}

/// An address as people may read it: what stands behind `?` may be a secret.
pub fn place(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}
