//! Asking a running Pilothouse over REST, as whoever `PILOTHOUSE_TOKEN` belongs to.

use super::{
    import::rejected,
    said::{Fail, text},
};
use crate::config;
use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::redirect::Policy;
use serde_json::Value;
use std::time::Duration;
use url::{Host, Url};

const CONNECT: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_mins(1);
/// Until a file was sent, read and laid out.
const OF_FILES: Duration = Duration::from_mins(30);
/// No answer of ours is larger.
const LARGEST: usize = 16 * 1024 * 1024;

pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
}

impl Client {
    /// `PILOTHOUSE_URL` and `PILOTHOUSE_TOKEN`, or what is wrong with them.
    pub fn of_environment() -> Result<Self, Fail> {
        let (url, token) = config::client_environment();
        Self::new(url.as_deref().unwrap_or_default(), token.as_deref().unwrap_or_default())
    }

    fn new(url: &str, token: &str) -> Result<Self, Fail> {
        let wrong = |found: &str| {
            let allowed = "the address of a running Pilothouse such as http://127.0.0.1:7070";
            Fail::usage(format!("PILOTHOUSE_URL: found {found}; allowed is {allowed}"))
        };
        if url.is_empty() {
            return Err(wrong("nothing"));
        }
        let base = Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
        let base = base.ok_or_else(|| wrong(&format!("“{url}”")))?;
        let bearer =
            Some(token).filter(|t| !t.is_empty()).and_then(|t| HeaderValue::try_from(format!("Bearer {t}")).ok());
        let mut bearer = bearer.ok_or_else(|| {
            let found = if token.is_empty() { "nothing" } else { "something unprintable" };
            let help = "an API token; an administrator issues one with “pilothouse token issue” or on the page Tokens";
            Fail::usage(format!("PILOTHOUSE_TOKEN: found {found}; allowed is {help}"))
        })?;
        bearer.set_sensitive(true);
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]);
        let http = builder(&base).default_headers(headers).build();
        Ok(Self { http: http.map_err(|error| Fail::refused(format!("no connection can be made: {error}")))?, base })
    }

    pub async fn get(&self, path: &[&str]) -> Result<Value, Fail> {
        self.send(Method::GET, path, None).await
    }

    /// [`Client::get`] with a query.
    pub async fn query(&self, path: &[&str], query: &[(&str, String)]) -> Result<Value, Fail> {
        let mut address = self.address(path);
        address.query_pairs_mut().extend_pairs(query);
        self.ask(Method::GET, address, None).await
    }

    /// The answer, null when it has no body; a refusal is told as Pilothouse told it.
    pub async fn send(&self, method: Method, path: &[&str], body: Option<&Value>) -> Result<Value, Fail> {
        self.ask(method, self.address(path), body).await
    }

    /// Sends a file as it is, with time for a large one.
    pub async fn file(&self, path: &[&str], query: &[(&str, String)], text: String) -> Result<Value, Fail> {
        let mut address = self.address(path);
        address.query_pairs_mut().extend_pairs(query);
        let request = self.http.post(address).timeout(OF_FILES).header(header::CONTENT_TYPE, "text/plain");
        self.answer(request.body(text)).await
    }

    /// Every item of a list, page by page.
    pub async fn all(&self, path: &[&str]) -> Result<Vec<Value>, Fail> {
        let mut address = self.address(path);
        let mut items = Vec::new();
        loop {
            let mut page = self.ask(Method::GET, address.clone(), None).await?;
            if let Some(Value::Array(more)) = page.get_mut("items").map(Value::take) {
                items.extend(more);
            }
            let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else { return Ok(items) };
            address.query_pairs_mut().clear().append_pair("limit", "200").append_pair("cursor", cursor);
        }
    }

    fn address(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        url
    }

    async fn ask(&self, method: Method, address: Url, body: Option<&Value>) -> Result<Value, Fail> {
        let mut request = self.http.request(method, address);
        if let Some(body) = body {
            request = request.json(body);
        }
        self.answer(request).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Value, Fail> {
        let away = |error: reqwest::Error| {
            let why = causes(&error.without_url());
            Fail::silence(format!("{} does not answer ({why}); is PILOTHOUSE_URL right, is it running?", self.base))
        };
        let mut response = request.send().await.map_err(away)?;
        let status = response.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(away)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST {
                return Err(Fail::refused(format!("{} answers more than it should; is it Pilothouse?", self.base)));
            }
        }
        if status.is_success() && bytes.is_empty() {
            return Ok(Value::Null);
        }
        let answer = serde_json::from_slice(&bytes).ok();
        match answer {
            Some(answer) if status.is_success() => Ok(answer),
            Some(problem) if !text(&problem, "detail").is_empty() => Err(refusal(&problem)),
            _ => Err(Fail::refused(format!("{} answers {status} and no JSON; is it Pilothouse?", self.base))),
        }
    }
}

fn builder(base: &Url) -> reqwest::ClientBuilder {
    // Fails only when somebody was faster, with the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // A token is for this address and no other.
    let mut builder = reqwest::Client::builder().redirect(Policy::none()).connect_timeout(CONNECT).timeout(PATIENCE);
    if base.scheme() == "http" {
        // Without TLS nothing is lost when the machine has no certificates, and asking for them would fail.
        builder = builder.tls_certs_only([]);
    }
    let here = match base.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if here { builder.no_proxy() } else { builder }
}

fn refusal(problem: &Value) -> Fail {
    let mut line = text(problem, "detail").to_owned();
    let helper = text(problem, "who_can_help");
    if !helper.is_empty() {
        line = format!("{line} {helper} can help.");
    }
    let mut lines = vec![line.replace('\n', " ")];
    lines.extend(rejected(problem));
    Fail::refused(lines.join("\n"))
}

/// The last cause says most.
fn causes(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => causes(cause),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let why = |url, token| format!("{:?}", Client::new(url, token).err().expect("refused"));
        assert!(why("", "t").contains("PILOTHOUSE_URL: found nothing"));
        assert!(why("ftp://x", "t").contains("found “ftp://x”"));
        assert!(why("http://127.0.0.1:1", "").contains("PILOTHOUSE_TOKEN: found nothing"));
        assert!(why("http://127.0.0.1:1", "a\nb").contains("PILOTHOUSE_TOKEN: found something unprintable"));
    }

    #[test]
    fn addresses_are_escaped_and_keep_what_stands_before() {
        for base in ["http://127.0.0.1:7070", "http://127.0.0.1:7070/"] {
            let Ok(client) = Client::new(base, "token") else { panic!("no client for {base}") };
            let address = client.address(&["users", "id", "roles", "*", "a/b"]);
            assert_eq!(address.as_str(), "http://127.0.0.1:7070/api/v1/users/id/roles/*/a%2Fb");
        }
    }
}
