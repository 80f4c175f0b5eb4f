//! Signatures by Standard Webhooks 1.0: HMAC-SHA-256 over `id.timestamp.body`.

use base64::{Engine, engine::general_purpose::STANDARD};
use control::driver::Secret;
use domain::Refusal;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

const PREFIX: &str = "whsec_";
const VERSION: &str = "v1,";

/// A secret that was read; shown nowhere.
#[derive(Clone)]
pub(super) struct SigningKey {
    mac: Hmac<Sha256>,
    written: Secret,
}

impl SigningKey {
    /// Refused without repeating a letter of it.
    pub(super) fn read(secret: &Secret) -> Result<Self, Refusal> {
        let allowed = "whsec_ and the base64 of 24 to 64 random bytes, as by: openssl rand -base64 32";
        let wrong = |found: String| crate::settings::wrong("signing_secret", found, allowed);
        let Some(text) = secret.reveal().trim().strip_prefix(PREFIX) else {
            return Err(wrong("a text that does not begin with whsec_".to_owned()));
        };
        let bytes = STANDARD.decode(text).map_err(|_| wrong("a text that is no base64 behind whsec_".to_owned()))?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(wrong(format!("{} bytes", bytes.len())));
        }
        let mac = Hmac::new_from_slice(&bytes).map_err(|_| wrong(format!("{} bytes", bytes.len())))?;
        Ok(Self { mac, written: secret.clone() })
    }

    /// The value of the header `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        format!("{VERSION}{}", STANDARD.encode(self.over(id, timestamp, body).finalize().into_bytes()))
    }

    /// Whether one of the signatures in the header is ours. Takes the same time wherever it differs.
    pub(super) fn signed(&self, header: &str, id: &str, timestamp: i64, body: &[u8]) -> bool {
        header
            .split(' ')
            .filter_map(|one| STANDARD.decode(one.strip_prefix(VERSION)?).ok())
            .any(|found| self.over(id, timestamp, body).verify_slice(&found).is_ok())
    }

    /// For covering it where it comes back: as it was written, and without what every such secret begins with.
    pub(super) fn written(&self) -> [Secret; 2] {
        let bare = self.written.reveal().trim().trim_start_matches(PREFIX);
        [self.written.clone(), Secret::new(bare)]
    }

    fn over(&self, id: &str, timestamp: i64, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        mac
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(hidden)")
    }
}
