//! The port to randomness and password hashing, and the shape of an API token.

use async_trait::async_trait;
use domain::{Refusal, digest::sha256_hex};
use uuid::Uuid;

#[async_trait]
pub trait Secrets: Send + Sync + std::fmt::Debug {
    /// A new secret of at least 160 bits in letters and digits.
    fn fresh(&self) -> String;
    fn fresh_id(&self) -> Uuid;
    /// A PHC string (argon2id). Refused when too many are at work already.
    async fn hash_password(&self, password: String) -> Result<String, Refusal>;
    /// Does the same work when there is no hash, and says no.
    async fn verify_password(&self, password: String, hash: Option<String>) -> Result<bool, Refusal>;
}

/// Begins every API token, so that scanners and people recognise one.
const PREFIX: &str = "pilothouse_";
/// Letters of checksum at the end: a mistyped token is told apart from a revoked one without a look-up.
const CHECKSUM: usize = 6;

/// The whole token around its random part.
pub fn token_secret(random: &str) -> String {
    format!("{PREFIX}{random}{}", checksum(random))
}

/// False for a text with the prefix whose checksum does not fit. Tokens given by configuration have neither.
pub(super) fn is_well_formed(token: &str) -> bool {
    let Some(rest) = token.strip_prefix(PREFIX) else { return true };
    rest.len() > CHECKSUM
        && rest.is_char_boundary(rest.len() - CHECKSUM)
        && checksum(&rest[..rest.len() - CHECKSUM]) == rest[rest.len() - CHECKSUM..]
}

fn checksum(random: &str) -> String {
    sha256_hex(random.as_bytes())[..CHECKSUM].to_owned()
}
