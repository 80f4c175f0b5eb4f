//! What the other side tells by itself: checked over the bytes that came, before any of them is understood.

use super::{signature::SigningKey, state::State};
use control::driver::{News, Told};
use domain::{Class, Refusal};
use serde::Deserialize;
use std::time::Duration;
use uuid::Uuid;

/// A callback may be so much older or newer than now, and no more.
const TOLERANCE: Duration = Duration::from_mins(5);

#[derive(Deserialize)]
struct Body {
    key: Uuid,
    #[serde(flatten)]
    state: State,
}

/// Refuses what is not signed with the key over exactly these bytes, or not now; then reads it. A second one with the same
/// id says nothing new, so ids are not remembered.
pub(super) fn verify(key: &SigningKey, told: &Told<'_>) -> Result<News, Refusal> {
    let refused = |why: &str| {
        let mut refusal = Refusal::new(Class::Unauthenticated, format!("The callback was not accepted: {why}."));
        refusal.who_can_help = Some("Whoever set up the environment's driver".to_owned());
        refusal
    };
    let header = |name| (told.header)(name).ok_or_else(|| refused(&format!("it has no {name}")));
    let (id, timestamp, signature) =
        (header("webhook-id")?, header("webhook-timestamp")?, header("webhook-signature")?);
    let Ok(timestamp) = timestamp.parse::<i64>() else {
        return Err(refused("webhook-timestamp is no number of seconds"));
    };
    if !key.signed(signature, id, timestamp, told.body) {
        return Err(refused("webhook-signature does not fit the body and the signing secret"));
    }
    if told.at.timestamp().abs_diff(timestamp) > TOLERANCE.as_secs() {
        return Err(refused("webhook-timestamp is more than 5 minutes away from now"));
    }
    let body: Body = serde_json::from_slice(told.body).map_err(|why| {
        Refusal::invalid(
            "body",
            why.to_string(),
            "JSON with key and state (done, running or failed), and share, said, url where known",
        )
    })?;
    Ok(News { key: body.key, state: body.state.tidy().asked() })
}
