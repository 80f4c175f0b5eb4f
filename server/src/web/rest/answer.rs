//! Orders from REST: dispatched, answered, and answered the same when the request comes again.

use super::Problem;
use crate::web::Web;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use control::{
    Command, Order, Outcome, Receipt,
    dispatch::{Idempotency, Once, Told},
};
use domain::{Class, Refusal, access::Actor, journal::Seq};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// Where the record stood when this was answered; readers on other replicas wait until they have seen it.
const SEQ: HeaderName = HeaderName::from_static("x-pilothouse-seq");
/// Says that this answer was given before.
const REPEATED: HeaderName = HeaderName::from_static("idempotency-replayed");
const PURPOSE: &str = "idempotent answer";

/// A request that carries an idempotency key.
#[derive(Debug)]
pub struct Keyed {
    pub key: String,
    /// The hash of method, address and body.
    pub request: String,
}

/// Status and body of an answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    body: Value,
    seq: Option<Seq>,
}

impl Answer {
    pub fn new(status: StatusCode, body: &impl Serialize) -> Self {
        Self { status: status.as_u16(), body: serde_json::to_value(body).unwrap_or(Value::Null), seq: None }
    }

    pub fn ok(body: &impl Serialize) -> Self {
        Self::new(StatusCode::OK, body)
    }

    pub fn created(body: &impl Serialize) -> Self {
        Self::new(StatusCode::CREATED, body)
    }

    pub fn accepted(body: &impl Serialize) -> Self {
        Self::new(StatusCode::ACCEPTED, body)
    }

    pub fn nothing() -> Self {
        Self::new(StatusCode::NO_CONTENT, &Value::Null)
    }

    #[must_use]
    pub fn at(mut self, seq: Seq) -> Self {
        self.seq = Some(seq);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = match self.body {
            Value::Null => status.into_response(),
            body => (status, Json(body)).into_response(),
        };
        if let Some(seq) = self.seq {
            response.headers_mut().insert(SEQ, HeaderValue::from(seq));
        }
        response
    }
}

impl Web {
    /// Has the order done and answers from what was recorded; a repeated request gets the first answer again.
    pub async fn order(
        &self,
        actor: Actor,
        command: Command,
        keyed: Option<Keyed>,
        answer: impl Fn(&Receipt) -> Answer + Send + Sync + 'static,
    ) -> Result<Response, Problem> {
        self.send(Order::new(actor, command), keyed, answer).await
    }

    /// [`Web::order`] for an order with private rows beside it.
    pub async fn send(
        &self,
        mut order: Order,
        keyed: Option<Keyed>,
        answer: impl Fn(&Receipt) -> Answer + Send + Sync + 'static,
    ) -> Result<Response, Problem> {
        // Made once: the answer that is given is the very one that is kept.
        let (answer, made) = (Arc::new(answer), Arc::new(OnceLock::new()));
        order.idempotency = keyed.map(|Keyed { key, request }| {
            let (web, answer, made) = (self.clone(), answer.clone(), made.clone());
            let kept = move |receipt: &Receipt| web.sealed(made.get_or_init(|| answer(receipt).at(receipt.seq)));
            Idempotency { key, request, answer: Box::new(kept) }
        });
        let outcome = self.control.dispatch(order).await;
        self.metrics.dispatched(outcome.as_ref().err().map(|refusal| refusal.class));
        match outcome? {
            Outcome::Done(receipt) => Ok(made.get_or_init(|| answer(&receipt).at(receipt.seq)).clone().into_response()),
            Outcome::Repeated(kept) => self.repeat(&kept),
        }
    }

    /// Has a call done whose answer holds a secret: told now, and again to the same request under the same key.
    pub async fn once<T, F>(
        &self,
        keyed: Option<Keyed>,
        answer: impl Fn(&T) -> Answer + Send + Sync + 'static,
        call: impl FnOnce(Option<Once<T>>) -> F,
    ) -> Result<Response, Problem>
    where
        F: Future<Output = Result<Told<T>, Refusal>>,
    {
        let answer = Arc::new(answer);
        let once = keyed.map(|Keyed { key, request }| {
            let (web, answer) = (self.clone(), answer.clone());
            Once { key, request, answer: Box::new(move |told: &T| web.sealed(&answer(told))) }
        });
        let told = call(once).await;
        self.metrics.dispatched(told.as_ref().err().map(|refusal| refusal.class));
        match told? {
            Told::New(told) => Ok(answer(&told).at(self.control.seq()).into_response()),
            Told::Again(kept) => self.repeat(&kept),
        }
    }

    fn sealed(&self, answer: &Answer) -> Vec<u8> {
        self.keys.seal(PURPOSE, &serde_json::to_vec(answer).unwrap_or_default())
    }

    fn repeat(&self, kept: &[u8]) -> Result<Response, Problem> {
        let plain = self.keys.open(PURPOSE, kept).ok();
        let answer = plain.and_then(|plain| serde_json::from_slice::<Answer>(&plain).ok()).ok_or_else(|| {
            Refusal::new(Class::Conflict, "This request was answered before, but its answer cannot be read any more.")
        })?;
        // What was kept before the order was done does not know its place; it is in the record by now.
        let seq = answer.seq.unwrap_or_else(|| self.control.seq());
        let mut response = answer.at(seq).into_response();
        response.headers_mut().insert(REPEATED, HeaderValue::from_static("true"));
        Ok(response)
    }
}
