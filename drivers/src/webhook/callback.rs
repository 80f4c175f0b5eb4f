//! What the other side tells by itself: checked over the bytes that came, before any of them is understood.

use super::{signature::SigningKey, state::State};
use control::driver::{Asked, Secret};
use domain::{Class, Refusal, Timestamp};
use serde::Deserialize;
use std::time::Duration;
use uuid::Uuid;

/// A callback may be so much older or newer than now, and no more.
pub const TOLERANCE: Duration = Duration::from_mins(5);

/// The headers of a callback, as they came.
#[derive(Debug, Clone, Copy)]
pub struct Headers<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`
    pub signature: &'a str,
}

/// A callback whose signature is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its own id: a second one with the same says nothing new.
    pub id: String,
    /// The key of the task that it speaks of.
    pub key: Uuid,
    pub state: Asked,
}

#[derive(Deserialize)]
struct Body {
    key: Uuid,
    #[serde(flatten)]
    state: State,
}

/// Refuses what is not signed with the secret over exactly these bytes, or not now; then reads it.
pub fn verify(secret: &Secret, headers: Headers<'_>, body: &[u8], now: Timestamp) -> Result<Callback, Refusal> {
    let key = SigningKey::read(secret)?;
    let refused = |why: &str| {
        let mut refusal = Refusal::new(Class::Unauthenticated, format!("The callback was not accepted: {why}."));
        refusal.who_can_help = Some("Whoever set up the environment's driver".to_owned());
        refusal
    };
    let Ok(timestamp) = headers.timestamp.parse::<i64>() else {
        return Err(refused("webhook-timestamp is no number of seconds"));
    };
    if !key.signed(headers.signature, headers.id, timestamp, body) {
        return Err(refused("webhook-signature does not fit the body and the signing secret"));
    }
    if now.timestamp().abs_diff(timestamp) > TOLERANCE.as_secs() {
        return Err(refused("webhook-timestamp is more than 5 minutes away from now"));
    }
    let body: Body = serde_json::from_slice(body).map_err(|why| {
        Refusal::invalid(
            "body",
            why.to_string(),
            "JSON with key and state (done, running or failed), and share, said, url where known",
        )
    })?;
    Ok(Callback { id: headers.id.to_owned(), key: body.key, state: body.state.tidy().asked() })
}
