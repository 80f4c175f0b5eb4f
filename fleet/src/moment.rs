//! The one place of the fleet that reads the clock and draws random numbers: it is a process of its own, without ports.

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

/// Now, as it is written into ledger and logs.
pub(crate) fn stamp() -> String {
    #[expect(clippy::disallowed_methods, reason = "the fleet runs in a process of its own, outside of any simulation")]
    let now = std::time::SystemTime::now();
    DateTime::<Utc>::from(now).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An id that nobody had before.
pub(crate) fn fresh_id() -> Result<Uuid, getrandom::Error> {
    let mut bytes = [0; 16];
    #[expect(clippy::disallowed_methods, reason = "a nonce that tells one run of the fleet from another, no secret")]
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
