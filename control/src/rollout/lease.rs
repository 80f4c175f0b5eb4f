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
    /// Something speaks against it: it is looked at before it is believed again.
    doubtful: bool,
}

impl Engine {
    /// The epoch if this replica leads; takes or renews the lease when it is time.
    pub(super) async fn lead(&mut self, now: Timestamp) -> Option<u64> {
        if let Some(lease) = self.lease.filter(|lease| !lease.doubtful && now < lease.taken_at + RENEW) {
            return Some(lease.epoch);
        }
        let journal = self.control.journal();
        match journal.take_lease(ROLLOUTS, &self.holder, now, now + LASTS, self.by_force).await {
            Ok(Some(epoch)) => {
                // Whoever takes it from us from now on is alive.
                self.by_force = false;
                if self.lease.is_none_or(|lease| lease.epoch != epoch) {
                    tracing::info!(epoch, "leading the rollouts");
                }
                self.lease = Some(Lease { epoch, taken_at: now, doubtful: false });
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

    /// A step was not let begin: the next look asks who leads.
    pub(super) fn doubt_lease(&mut self) {
        if let Some(lease) = &mut self.lease {
            lease.doubtful = true;
        }
    }

    pub(super) async fn give_up(&mut self) -> Result<(), JournalError> {
        if self.lease.take().is_some() {
            self.control.set_leads(false);
            self.control.journal().give_up_lease(ROLLOUTS, &self.holder).await?;
        }
        Ok(())
    }
}
