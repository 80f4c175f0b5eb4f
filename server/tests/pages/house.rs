//! A whole server in memory, and browsers without scripts to look at it.

use axum::{Router, body::Body, extract::Request};
use control::{
    Command, Control, Order,
    clock::HandClock,
    memory::MemoryJournal,
    people::{AddPerson, NewSession},
    tasks::Tasks,
};
use domain::{
    Timestamp,
    access::{Actor, Via},
    person::{Grant, Nature, Reach},
    product,
};
use http::{HeaderMap, Method, StatusCode, header};
use server::{boot, config::Settings, web};
use std::{collections::BTreeMap, fs, net::SocketAddr, sync::Arc};
use tempfile::TempDir;
use tower::ServiceExt as _;
use url::form_urlencoded;

pub const HOST: &str = "127.0.0.1:7070";
pub const PASSWORD: &str = "correct horse battery";

/// As Trunk writes it.
const INDEX: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/>
<script type="module">import init from '/pkg/web-1.js'; init();</script>
<link rel="stylesheet" href="/pkg/main-1.css"/><link rel="modulepreload" href="/pkg/web-1.js" crossorigin="anonymous">
</head><body></body></html>"#;

pub struct House {
    pub control: Control,
    pub clock: Arc<HandClock>,
    pub admin: Actor,
    router: Router,
    _dist: TempDir,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The administrator Ada and the product `shop` on the playbook `orca`.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("index.html"), INDEX).unwrap();
        fs::write(dist.path().join("web-1.js"), "export default () => {};").unwrap();
        fs::create_dir(dist.path().join("fonts")).unwrap();
        fs::write(dist.path().join("fonts/inter.woff2"), "letters").unwrap();
        let mut settings = Settings::for_data(dist.path().to_owned());
        settings.dist = Some(dist.path().to_owned());
        change(&mut settings);
        let clock = Arc::new(HandClock::at(Timestamp::from_timestamp_millis(1_760_000_000_000).unwrap()));
        let parts = boot::Parts {
            settings,
            journal: Arc::new(MemoryJournal::default()),
            database: web::DatabaseKind::Memory,
            clock: clock.clone(),
            tasks: Tasks::default(),
            drain: tokio_util::sync::CancellationToken::new(),
            bound: SocketAddr::from(([127, 0, 0, 1], 7070)),
            machines: None,
        };
        let web = boot::assemble(parts).await.unwrap();
        let control = web.control.clone();
        let link = control.set_up_link().await.unwrap().unwrap();
        let session = control.set_up(&link, "Ada Admin", "ada@example.org", PASSWORD.to_owned()).await.unwrap();
        let admin = Actor::Person(session.person, Via::Session);
        let create =
            product::Command::Create { name: "Shop".to_owned(), playbook: "orca".parse().unwrap(), repository: None };
        control.order(Order::new(admin, Command::Product("shop".parse().unwrap(), create))).await.unwrap();
        Self { control, clock, admin, router: web::router(&web), _dist: dist }
    }

    /// Somebody with a role in `shop` and with a password, signed in.
    pub async fn person(&self, name: &str, role: &str) -> Browser<'_> {
        let grant = Grant { reach: Reach::Product("shop".parse().unwrap()), role: role.parse().unwrap() };
        let email = format!("{}@example.org", name.to_lowercase());
        let ask =
            AddPerson { name: name.to_owned(), email: Some(email), nature: Nature::Human, grants: [grant].into() };
        let invited = self.control.add_person(self.admin, ask).await.unwrap();
        let link = invited.link.unwrap();
        self.signed_in(&self.control.set_password(&link, PASSWORD.to_owned()).await.unwrap())
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { house: self, cookies: BTreeMap::new(), page: "/".to_owned() }
    }

    fn signed_in(&self, session: &NewSession) -> Browser<'_> {
        let mut browser = self.browser();
        browser.cookies.insert("pilothouse".to_owned(), session.secret.clone());
        browser
    }

    pub async fn ask(&self, request: Request) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        // Markers by which scripts find their place are nothing that people read.
        let text = String::from_utf8_lossy(&bytes).replace("<!>", "");
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

/// A browser without scripts: cookies, the page it is on, and the headers that browsers send.
pub struct Browser<'a> {
    house: &'a House,
    pub cookies: BTreeMap<String, String>,
    page: String,
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        path.clone_into(&mut self.page);
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        path.clone_into(&mut self.page);
        self.send(Method::GET, path, headers, String::new()).await
    }

    /// Sends the form that stands on the page it is on.
    pub async fn submit(&mut self, to: &str, fields: &[(&str, &str)]) -> Answer {
        self.submit_with(to, fields, &[("sec-fetch-site", "same-origin")]).await
    }

    pub async fn submit_with(&mut self, to: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, to, headers, body).await
    }

    /// Sends a body of another kind.
    pub async fn post(&mut self, to: &str, headers: &[(&str, &str)], body: String) -> Answer {
        self.send(Method::POST, to, headers, body).await
    }

    /// Goes where an answer sends it.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let place = answer.header("location").to_owned();
        self.get(&place).await
    }

    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, HOST);
        request = request.header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        if method == Method::POST {
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            }
            request = request.header(header::REFERER, format!("http://{HOST}{}", self.page));
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, all.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.house.ask(request.body(Body::from(body)).unwrap()).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{cookie}");
        let (name, value) = pair.split_once('=').unwrap();
        if value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
