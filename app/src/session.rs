//! What the server room tells pages about a browser: how its cookie is called, and where it comes from.

use crate::{asking::wants_page, forms::Notice};
use domain::Timestamp;
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::fmt::Write as _;

/// The session cookie; given to server functions as context by the server.
#[derive(Debug, Clone)]
pub struct SessionCookie {
    /// `__Host-pilothouse` over TLS, `pilothouse` otherwise.
    pub name: String,
    pub secure: bool,
}

/// Where a request comes from, behind trusted proxies too; put into the request's extensions by the server.
#[derive(Debug, Clone)]
pub struct ClientAddress(pub String);

/// Whether the data shown is made up; given as context by the server, missing where it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo(pub bool);

/// The header by which a server function hands a [`crate::forms::Notice`] to the next page of a browser without scripts.
pub const NOTICE_HEADER: HeaderName = HeaderName::from_static("x-pilothouse-notice");

impl SessionCookie {
    /// Signs this browser in until `expires`.
    pub fn set(&self, secret: &str, expires: Timestamp) {
        let expires = expires.format("%a, %d %b %Y %H:%M:%S GMT");
        self.send(&format!("{secret}; Expires={expires}"));
    }

    pub fn clear(&self) {
        self.send("; Max-Age=0");
    }

    fn send(&self, value: &str) {
        let secure = if self.secure { "; Secure" } else { "" };
        append_cookie(&format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", self.name));
    }

    /// The secret that this browser holds.
    pub fn read(&self, parts: &Parts) -> Option<String> {
        cookie(parts, &self.name)
    }
}

/// Hands a notice to whoever asked: as the answer itself where scripts read it, else to the page shown next.
pub fn noticed(notice: Notice) -> Notice {
    if wants_page()
        && let Some(response) = use_context::<ResponseOptions>()
        && let Ok(value) = HeaderValue::from_str(&ascii(&notice))
    {
        response.insert_header(NOTICE_HEADER, value);
    }
    notice
}

/// JSON that may stand in a header: everything beyond ASCII as an escape.
fn ascii(notice: &Notice) -> String {
    let text = serde_json::to_string(notice).unwrap_or_default();
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(plain, "\\u{unit:04x}");
            }
        }
    }
    plain
}

/// The value of a cookie that the browser sent.
pub fn cookie(parts: &Parts, name: &str) -> Option<String> {
    cookie_in(&parts.headers, name).map(str::to_owned)
}

pub(crate) fn cookie_in<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
}

/// Sends a cookie with the answer under way.
pub fn append_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::cookie;

    #[test]
    fn a_cookie_is_found_among_others_and_never_by_a_prefix() {
        let request = http::Request::builder().header("cookie", "a=1; session2=x; session=abc").body(());
        let (parts, ()) = request.expect("a request").into_parts();
        assert_eq!(cookie(&parts, "session").as_deref(), Some("abc"));
        assert_eq!(cookie(&parts, "sess"), None);
    }
}
