//! The body of a request, read only once it is clear that the caller may ask at all.

use super::{Problem, answer::Keyed, json};
use crate::web::body;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use domain::{Refusal, digest::sha256_hex};
use serde::{Deserialize, de::DeserializeOwned};
use std::{convert::Infallible, time::Duration};
use utoipa::ToSchema;

/// The largest body of a REST request.
pub const LARGEST: usize = 1024 * 1024;
const LONGEST_KEY: usize = 200;

/// For operations that need no more than their address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What was asked, unread.
#[derive(Debug)]
pub struct Asked {
    body: Body,
    line: String,
    key: Option<Result<String, ()>>,
}

impl<S: Sync> FromRequest<S> for Asked {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let line = format!("{} {}", request.method(), request.uri());
        let key = request.headers().get("idempotency-key").map(|v| v.to_str().map(str::to_owned).map_err(|_| ()));
        Ok(Self { body: request.into_body(), line, key })
    }
}

impl Asked {
    /// The body as `T`, with what makes a repetition of the request recognisable.
    pub async fn read<T: DeserializeOwned>(self) -> Result<(T, Option<Keyed>), Problem> {
        let (line, key) = (self.line, self.key);
        let bytes = all(self.body).await?;
        let value = json::read(&bytes)?;
        Ok((value, keyed(key, &line, &bytes)?))
    }

    /// For requests whose body may be left out; then it counts as `{}`.
    pub async fn read_or_empty<T: DeserializeOwned>(self) -> Result<(T, Option<Keyed>), Problem> {
        let (line, key) = (self.line, self.key);
        let bytes = all(self.body).await?;
        let value = if bytes.is_empty() { json::read(b"{}")? } else { json::read(&bytes)? };
        Ok((value, keyed(key, &line, &bytes)?))
    }
}

impl Asked {
    /// The body as text, for files: larger than other bodies, and with more time to arrive.
    pub async fn text(self, largest: usize, patience: Duration) -> Result<(String, Option<Keyed>), Problem> {
        let (line, key) = (self.line, self.key);
        let read = body::read_within(self.body, largest, patience).await;
        let bytes = read.map_err(|unread| unread.problem(largest))?;
        let keyed = keyed(key, &line, &bytes)?;
        let text = String::from_utf8(bytes.into())
            .map_err(|wrong| Refusal::invalid("body", format!("no UTF-8 ({})", wrong.utf8_error()), "text in UTF-8"))?;
        Ok((text, keyed))
    }
}

async fn all(body: Body) -> Result<Bytes, Problem> {
    body::read(body, LARGEST).await.map_err(|unread| unread.problem(LARGEST))
}

fn keyed(key: Option<Result<String, ()>>, line: &str, bytes: &[u8]) -> Result<Option<Keyed>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    let sound = key.ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let Some(key) = sound else {
        let allowed = "1 to 200 printable characters";
        return Err(Refusal::invalid("Idempotency-Key", "something else", allowed));
    };
    let request = sha256_hex(&[line.as_bytes(), b"\n", bytes].concat());
    Ok(Some(Keyed { key, request }))
}
