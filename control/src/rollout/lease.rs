//! Who leads: one replica at a time carries out rollouts, for as long as it renews its lease.

use super::engine::Engine;
use crate::{journal::JournalError, vault::ROLLOUTS};
use chrono::TimeDelta;
use domain::Timestamp;

const LASTS: TimeDelta = TimeDelta::seconds(15);
const RENEW: TimeDelta = TimeDelta::seconds(5);

/// What is held now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease {
    pub epoch: u64,
    taken_at: Timestamp,
}

impl Engine {
    /// The epoch if this replica leads; takes or renews the lease when it is time.
    pub(super) async fn lead(&mut self, now: Timestamp) -> Option<u64> {
        if let Some(lease) = self.lease.filter(|lease| now < lease.taken_at + RENEW) {
            return Some(lease.epoch);
        }
        let force = self.by_force && self.lease.is_none();
        let journal = self.control.journal();
        match journal.take_lease(ROLLOUTS, &self.holder, now, now + LASTS, force).await {
            Ok(Some(epoch)) => {
                if self.lease.is_none_or(|lease| lease.epoch != epoch) {
                    tracing::info!(epoch, "leading the rollouts");
                }
                self.lease = Some(Lease { epoch, taken_at: now });
            }
            Ok(None) => {
                if self.lease.take().is_some() {
                    tracing::warn!("another replica leads the rollouts now");
                }
            }
            // What is begun goes on as long as the lease lasts; nothing new begins without the record anyway.
            Err(error) => {
                tracing::warn!(%error, "the lease cannot be renewed");
                if self.lease.is_some_and(|lease| now >= lease.taken_at + LASTS) {
                    self.lease = None;
                }
            }
        }
        self.control.set_leads(self.lease.is_some());
        self.lease.map(|lease| lease.epoch)
    }

    pub(super) async fn give_up(&mut self) -> Result<(), JournalError> {
        if self.lease.take().is_some() {
            self.control.set_leads(false);
            self.control.journal().give_up_lease(ROLLOUTS, &self.holder).await?;
        }
        Ok(())
    }
}
