//! Cookies, read and written by hand: two of them need no library.

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

/// Over TLS the prefix makes browsers refuse the cookie from anywhere but this very host.
pub fn cookie_name(name: &str, https: bool) -> String {
    if https { format!("__Host-{name}") } else { name.to_owned() }
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

/// All parts are of ours, in letters and digits; anything else becomes an empty value instead of a panic.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
