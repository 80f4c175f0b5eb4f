//! Asking once more before it is said that nobody can say: a person is called for that.

use control::driver::{Certainty, Fault};
use std::{future::Future, time::Duration};
use tokio::time::sleep;

const PAUSES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];

/// Reads again after a fault that may pass; a clear no is taken at once.
pub(crate) async fn patiently<T, F>(read: impl Fn() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    for pause in PAUSES {
        match read().await {
            Err(fault) if fault.certainty != Certainty::Declined => sleep(pause).await,
            answer => return answer,
        }
    }
    read().await
}
