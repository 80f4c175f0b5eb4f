//! A fake service on a port of its own: it knows the vendor's description, can lose replies, and can refuse.

use crate::published::{Call, Description};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use std::{
    collections::VecDeque,
    net::SocketAddr,
    panic::resume_unwind,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::{net::TcpListener, task::JoinSet};

/// What a vendor does with a request that fits its description.
pub trait Vendor: Send + 'static {
    /// The credential every request must show in `Authorization`.
    const AUTHORIZATION: &'static str;
    fn answer(&mut self, call: &Call) -> Answer;
}

/// What goes back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    pub headers: Vec<(&'static str, String)>,
}

impl Answer {
    pub fn new(status: u16, body: Value) -> Self {
        Self { status: StatusCode::from_u16(status).expect("a status"), body, headers: Vec::new() }
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What goes wrong with the next request of a method.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// Nothing does: the trouble behind it is for a later request.
    Passed,
    /// It is carried out, and then the connection breaks.
    ReplyLost,
    /// It is not carried out; this is answered.
    Refused(Answer),
}

#[derive(Debug)]
pub struct Service<V> {
    pub address: SocketAddr,
    inside: Arc<Mutex<Inside<V>>>,
    _serving: JoinSet<()>,
}

#[derive(Debug)]
struct Inside<V> {
    vendor: V,
    description: Description,
    troubles: VecDeque<(Method, Trouble)>,
    calls: Vec<Call>,
    unfit: Vec<String>,
}

impl<V: Vendor> Service<V> {
    pub async fn start(vendor: V, description: Description) -> Self {
        let inside = Inside { vendor, description, troubles: VecDeque::new(), calls: Vec::new(), unfit: Vec::new() };
        let inside = Arc::new(Mutex::new(inside));
        let there = Arc::clone(&inside);
        let router = Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let there = Arc::clone(&there);
            async move {
                let answer = there.lock().expect("the fake").handle(&method, &uri, &headers, &body);
                // Ends the task that serves the connection, and with it the connection, without a word.
                answer.unwrap_or_else(|Lost| resume_unwind(Box::new(Lost)))
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.expect("served") });
        Self { address, inside, _serving: serving }
    }

    pub fn trouble(&self, method: Method, trouble: Trouble) {
        self.inside().troubles.push_back((method, trouble));
    }

    /// Looks at the vendor, or changes what it has.
    pub fn vendor<R>(&self, look: impl FnOnce(&mut V) -> R) -> R {
        look(&mut self.inside().vendor)
    }

    /// All requests so far, in their order.
    pub fn calls(&self) -> Vec<Call> {
        self.inside().calls.clone()
    }

    fn inside(&self) -> MutexGuard<'_, Inside<V>> {
        self.inside.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A request that does not fit the description fails the test that made it.
impl<V> Drop for Service<V> {
    fn drop(&mut self) {
        let unfit = std::mem::take(&mut self.inside.lock().unwrap_or_else(std::sync::PoisonError::into_inner).unfit);
        if !std::thread::panicking() {
            assert!(unfit.is_empty(), "the description does not know this: {unfit:#?}");
        }
    }
}

impl<V: Vendor> Inside<V> {
    fn handle(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Response, Lost> {
        let call = match self.description.call(method, uri, headers, body) {
            Ok(call) => call,
            Err(why) => {
                self.unfit.push(why.clone());
                return Ok((StatusCode::NOT_FOUND, why).into_response());
            }
        };
        self.calls.push(call.clone());
        let shown = headers.get("authorization").map(HeaderValue::as_bytes);
        if shown != Some(V::AUTHORIZATION.as_bytes()) {
            // As bad as a service can be: it repeats what it was shown.
            let shown = String::from_utf8_lossy(shown.unwrap_or_default()).into_owned();
            return Ok((StatusCode::UNAUTHORIZED, format!("who is {shown}?")).into_response());
        }
        let next = self.troubles.iter().position(|(wanted, _)| wanted == method);
        let trouble = next.and_then(|next| self.troubles.remove(next)).map(|(_, trouble)| trouble);
        if let Some(Trouble::Refused(answer)) = trouble {
            return Ok(answer.into_response());
        }
        let answer = self.vendor.answer(&call);
        if let Err(why) = self.description.answer(&call, answer.status, &answer.body) {
            self.unfit.push(why);
        }
        if matches!(trouble, Some(Trouble::ReplyLost)) {
            return Err(Lost);
        }
        Ok(answer.into_response())
    }
}

/// The reply never arrives.
struct Lost;

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Value::Null => self.status.into_response(),
            body => (self.status, axum::Json(body)).into_response(),
        };
        for (name, value) in self.headers {
            response.headers_mut().insert(name, HeaderValue::from_str(&value).expect("a header"));
        }
        response
    }
}
