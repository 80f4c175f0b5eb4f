//! Orders from REST: dispatched, answered, and answered the same when the request comes again.

use super::Problem;
use crate::web::Web;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use control::{Command, Order, Outcome, Receipt, dispatch::Idempotency};
use domain::{Class, Refusal, access::Actor, journal::Seq};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

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
        let answer = Arc::new(move |receipt: &Receipt| answer(receipt).at(receipt.seq));
        let mut order = Order::new(actor, command);
        order.idempotency = keyed.map(|Keyed { key, request }| {
            let (keys, answer) = (self.keys.clone(), answer.clone());
            let kept =
                move |receipt: &Receipt| keys.seal(PURPOSE, &serde_json::to_vec(&answer(receipt)).unwrap_or_default());
            Idempotency { key, request, answer: Box::new(kept) }
        });
        let outcome = self.control.dispatch(order).await;
        self.metrics.dispatched(outcome.as_ref().err().map(|refusal| refusal.class));
        match outcome? {
            Outcome::Done(receipt) => Ok(answer(&receipt).into_response()),
            Outcome::Repeated(kept) => self.repeat(&kept),
        }
    }

    fn repeat(&self, kept: &[u8]) -> Result<Response, Problem> {
        let plain = self.keys.open(PURPOSE, kept).ok();
        let answer = plain.and_then(|plain| serde_json::from_slice::<Answer>(&plain).ok()).ok_or_else(|| {
            Refusal::new(Class::Conflict, "This request was answered before, but its answer cannot be read any more.")
        })?;
        let mut response = answer.into_response();
        response.headers_mut().insert(REPEATED, HeaderValue::from_static("true"));
        Ok(response)
    }
}
