//! Secrets that are counted instead of drawn by lot; a “hash” is the password itself behind a mark.

use crate::people::Secrets;
use async_trait::async_trait;
use domain::Refusal;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

#[derive(Debug, Default)]
pub struct CountedSecrets(AtomicU64);

#[async_trait]
impl Secrets for CountedSecrets {
    fn fresh(&self) -> String {
        format!("secret{}", self.0.fetch_add(1, Ordering::SeqCst))
    }
    fn fresh_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::SeqCst)) + 1_000)
    }
    async fn hash_password(&self, password: String) -> Result<String, Refusal> {
        Ok(format!("hashed {password}"))
    }
    async fn verify_password(&self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        Ok(hash == Some(format!("hashed {password}")))
    }
}
