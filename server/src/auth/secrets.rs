//! Randomness and password hashing, for the whole program.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use async_trait::async_trait;
use control::people::Secrets;
use domain::{Class, Refusal};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// OWASP's second choice: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// How many hashes are worked out at once; each needs its memory and one core.
const AT_ONCE: usize = 4;
/// How long somebody waits for their turn before being asked to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes from the operating system.
#[expect(clippy::disallowed_methods, reason = "the one place that takes randomness")]
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Going on with guessable secrets would be worse than stopping.
        panic!("the operating system gives no randomness: {error}");
    }
    bytes
}

#[derive(Debug)]
pub struct MachineSecrets {
    turns: Arc<Semaphore>,
    /// Verified against when an account has no password, so that both cases take as long.
    decoy: OnceLock<String>,
}

impl Default for MachineSecrets {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), decoy: OnceLock::new() }
    }
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Result<String, Refusal> {
    hasher()
        .hash_password_with_salt(password.as_bytes(), &random::<16>())
        .map(|hash| hash.to_string())
        .map_err(|error| Refusal::new(Class::Unavailable, format!("The password could not be hashed: {error}.")))
}

impl MachineSecrets {
    async fn turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let busy = || Refusal {
            retry_after_seconds: Some(PATIENCE.as_secs()),
            ..Refusal::new(Class::Throttled, "Too many people sign in at this moment; try again shortly.")
        };
        let waiting = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        waiting.map_err(|_| busy())?.map_err(|_| busy())
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Refusal::new(Class::Unavailable, format!("Hashing stopped: {error}."))))
}

#[async_trait]
impl Secrets for MachineSecrets {
    /// 40 letters and digits of 5 bits each.
    fn fresh(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        random::<40>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
    }

    fn fresh_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(random()).into_uuid()
    }

    async fn hash_password(&self, password: String) -> Result<String, Refusal> {
        let turn = self.turn().await?;
        aside(move || {
            let _turn = turn;
            hash(&password)
        })
        .await
    }

    async fn verify_password(&self, password: String, known: Option<String>) -> Result<bool, Refusal> {
        let turn = self.turn().await?;
        let decoy = match (&known, self.decoy.get()) {
            (Some(_), _) => None,
            (None, Some(decoy)) => Some(decoy.clone()),
            (None, None) => {
                let fresh = aside(|| hash("nobody's password")).await?;
                Some(self.decoy.get_or_init(|| fresh).clone())
            }
        };
        aside(move || {
            let _turn = turn;
            let against = known.as_deref().or(decoy.as_deref()).unwrap_or_default();
            let fits = hasher().verify_password(password.as_bytes(), against).is_ok();
            Ok(fits && known.is_some())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let secrets = MachineSecrets::default();
        let hash = secrets.hash_password("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(secrets.verify_password("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!secrets.verify_password("battery staple".to_owned(), Some(hash)).await.unwrap());
        assert!(!secrets.verify_password("nobody's password".to_owned(), None).await.unwrap());
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let secrets = MachineSecrets::default();
        let (a, b) = (secrets.fresh(), secrets.fresh());
        assert!(a != b && a.len() == 40 && a.bytes().all(|c| c.is_ascii_alphanumeric()));
    }
}
