//! Cookies, read and written by hand: three of them need no library.

use domain::Timestamp;
use http::{HeaderMap, HeaderValue, header};

/// The cookies of a request.
#[derive(Debug)]
pub struct Cookies<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Cookies<'a> {
    pub fn of(headers: &'a HeaderMap) -> Self {
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        Self(texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect())
    }

    /// The value under this name; a name that comes twice is believed not at all.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let mut found = self.0.iter().filter(|(n, _)| *n == name).map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }
}

/// The cookie of a signed-in browser.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    pub https: bool,
}

impl SessionCookie {
    /// Over TLS the prefix makes browsers refuse it from anywhere but this very host.
    pub fn name(self) -> &'static str {
        if self.https { "__Host-pilothouse" } else { "pilothouse" }
    }

    pub fn set(self, secret: &str, now: Timestamp, until: Timestamp) -> HeaderValue {
        let age = (until - now).num_seconds().max(0);
        value(&format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{}", self.name(), secure(self.https)))
    }

    pub fn clear(self) -> HeaderValue {
        clear_cookie(self.name(), self.https)
    }
}

/// A cookie for one next page.
pub fn short_cookie(name: &str, content: &str, seconds: u32, https: bool) -> HeaderValue {
    value(&format!("{name}={content}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{}", secure(https)))
}

pub fn clear_cookie(name: &str, https: bool) -> HeaderValue {
    value(&format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", secure(https)))
}

fn secure(https: bool) -> &'static str {
    if https { "; Secure" } else { "" }
}

/// All parts are letters and digits of ours; anything else becomes an empty value instead of a panic.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
