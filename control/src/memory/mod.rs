//! A record in memory: the fake for tests and simulation, held to the same contract as the real ones.

mod instruments;
mod machines;
mod secrets;
mod transaction;

pub use instruments::MemoryInstruments;
pub use machines::{Effect, MemoryGround, Mishap};
pub use secrets::CountedSecrets;

use crate::{
    journal::{Head, Journal, JournalError, Recorded, Transaction},
    vault::{Account, ImportPart, OneTimeLink, Session, StagedImport, Vault},
};
use async_trait::async_trait;
use chrono::SubsecRound as _;
use domain::{
    Timestamp,
    dora::import::ImportId,
    environment::EnvironmentId,
    journal::{Seq, Stream},
    person::{PersonId, TokenId},
    rollout::RolloutId,
    slug::ProductSlug,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::AtomicBool},
};
use tokio::sync::Mutex;
use transaction::MemoryTransaction;
use uuid::Uuid;

/// Everything that a storage holds.
#[derive(Debug, Clone, Default)]
struct Rows {
    events: Vec<Recorded>,
    snapshot: Option<(String, Seq, Vec<u8>)>,
    answers: BTreeMap<(String, String), (String, Vec<u8>, Timestamp)>,
    accounts: BTreeMap<PersonId, Account>,
    links: BTreeMap<String, OneTimeLink>,
    sessions: BTreeMap<String, Session>,
    tokens: BTreeMap<String, (TokenId, PersonId)>,
    leases: BTreeMap<String, Lease>,
    intents: BTreeSet<Uuid>,
    secrets: BTreeMap<(EnvironmentId, String), Vec<u8>>,
    samples: BTreeMap<(RolloutId, Timestamp), Vec<u8>>,
    imports: BTreeMap<ImportId, StagedImport>,
    imported: BTreeMap<(ImportId, u32), ImportPart>,
}

#[derive(Debug, Clone)]
struct Lease {
    /// None: given up.
    holder: Option<String>,
    epoch: u64,
    until: Timestamp,
}

#[derive(Debug, Default)]
pub struct MemoryJournal {
    rows: Arc<Mutex<Rows>>,
    full: Arc<AtomicBool>,
}

impl MemoryJournal {
    /// From now on (or no longer) nothing can be made durable, as on a full disk.
    pub fn set_full(&self, full: bool) {
        self.full.store(full, std::sync::atomic::Ordering::SeqCst);
    }
}

fn page(rows: impl Iterator<Item = Recorded>, limit: u32) -> Vec<Recorded> {
    rows.take(limit as usize).collect()
}

fn head_of(events: &[Recorded]) -> Head {
    events.last().map_or_else(Head::default, |e| Head { seq: e.seq, hash: e.hash.clone() })
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn begin(&self) -> Result<Box<dyn Transaction>, JournalError> {
        let place = self.rows.clone().lock_owned().await;
        Ok(Box::new(MemoryTransaction { rows: place.clone(), place, full: self.full.clone() }))
    }

    async fn head(&self) -> Result<Head, JournalError> {
        Ok(head_of(&self.rows.lock().await.events))
    }

    async fn read(&self, after: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError> {
        Ok(page(self.rows.lock().await.events.iter().filter(|e| e.seq > after).cloned(), limit))
    }

    async fn read_back(&self, before: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError> {
        Ok(page(self.rows.lock().await.events.iter().rev().filter(|e| e.seq < before).cloned(), limit))
    }

    async fn read_stream(
        &self,
        stream: &Stream,
        after_version: u64,
        limit: u32,
    ) -> Result<Vec<Recorded>, JournalError> {
        // A real storage keeps its readers waiting; so that they are tested at it.
        tokio::task::yield_now().await;
        let name = stream.to_string();
        let rows = self.rows.lock().await;
        Ok(page(rows.events.iter().filter(|e| e.stream == name && e.version > after_version).cloned(), limit))
    }

    async fn snapshot(&self, fingerprint: &str) -> Result<Option<(Seq, Vec<u8>)>, JournalError> {
        let rows = self.rows.lock().await;
        Ok(rows.snapshot.as_ref().filter(|(print, ..)| print == fingerprint).map(|(_, seq, body)| (*seq, body.clone())))
    }

    async fn save_snapshot(&self, fingerprint: &str, seq: Seq, body: &[u8]) -> Result<(), JournalError> {
        self.rows.lock().await.snapshot = Some((fingerprint.to_owned(), seq, body.to_vec()));
        Ok(())
    }

    async fn ping(&self) -> Result<(), JournalError> {
        Ok(())
    }
}

#[async_trait]
impl Vault for MemoryJournal {
    async fn accounts(&self) -> Result<Vec<Account>, JournalError> {
        Ok(self.rows.lock().await.accounts.values().cloned().collect())
    }

    async fn account(&self, person: PersonId) -> Result<Option<Account>, JournalError> {
        Ok(self.rows.lock().await.accounts.get(&person).cloned())
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, JournalError> {
        let email = email.to_lowercase();
        let rows = self.rows.lock().await;
        Ok(rows.accounts.values().find(|a| a.email.as_ref().is_some_and(|e| e.to_lowercase() == email)).cloned())
    }

    async fn link(&self, hash: &str) -> Result<Option<OneTimeLink>, JournalError> {
        Ok(self.rows.lock().await.links.get(hash).cloned())
    }

    async fn token(&self, secret_hash: &str) -> Result<Option<(TokenId, PersonId)>, JournalError> {
        Ok(self.rows.lock().await.tokens.get(secret_hash).copied())
    }

    async fn put_session(&self, session: &Session) -> Result<(), JournalError> {
        self.rows.lock().await.sessions.insert(session.hash.clone(), session.clone());
        Ok(())
    }

    async fn session(&self, hash: &str) -> Result<Option<Session>, JournalError> {
        Ok(self.rows.lock().await.sessions.get(hash).cloned())
    }

    async fn end_session(&self, hash: &str) -> Result<(), JournalError> {
        self.rows.lock().await.sessions.remove(hash);
        Ok(())
    }

    async fn sweep(&self, now: Timestamp, answers_before: Timestamp) -> Result<(), JournalError> {
        let mut rows = self.rows.lock().await;
        rows.sessions.retain(|_, s| now < s.expires_at);
        rows.links.retain(|_, l| now < l.expires_at);
        rows.answers.retain(|_, (_, _, at)| *at >= answers_before);
        rows.imports.retain(|_, staged| staged.kept || staged.at >= answers_before);
        let Rows { imports, imported, .. } = &mut *rows;
        imported.retain(|(import, _), _| imports.contains_key(import));
        Ok(())
    }

    async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        by_force: bool,
    ) -> Result<Option<u64>, JournalError> {
        let mut rows = self.rows.lock().await;
        let before = rows.leases.get(name);
        let has_it = |lease: &Lease| lease.holder.as_deref() == Some(holder);
        let free = |lease: &Lease| by_force || lease.holder.is_none() || has_it(lease) || lease.until <= now;
        if before.is_some_and(|lease| !free(lease)) {
            return Ok(None);
        }
        let epoch = before.map_or(1, |lease| lease.epoch + u64::from(!has_it(lease)));
        rows.leases.insert(name.to_owned(), Lease { holder: Some(holder.to_owned()), epoch, until });
        Ok(Some(epoch))
    }

    async fn give_up_lease(&self, name: &str, holder: &str) -> Result<(), JournalError> {
        let mut rows = self.rows.lock().await;
        if let Some(lease) = rows.leases.get_mut(name).filter(|lease| lease.holder.as_deref() == Some(holder)) {
            lease.holder = None;
        }
        Ok(())
    }

    async fn secrets(&self, place: &EnvironmentId) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
        let rows = self.rows.lock().await;
        let here = rows.secrets.iter().filter(|((owner, _), _)| owner == place);
        Ok(here.map(|((_, name), sealed)| (name.clone(), sealed.clone())).collect())
    }

    async fn keep_samples(&self, samples: &[(RolloutId, Timestamp, Vec<u8>)]) -> Result<(), JournalError> {
        let mut rows = self.rows.lock().await;
        for (rollout, at, body) in samples {
            // As exact as a real storage.
            rows.samples.entry((*rollout, at.trunc_subsecs(3))).or_insert_with(|| body.clone());
        }
        Ok(())
    }

    async fn samples(&self, rollout: RolloutId) -> Result<Vec<(Timestamp, Vec<u8>)>, JournalError> {
        let rows = self.rows.lock().await;
        let all = (rollout, Timestamp::MIN_UTC)..=(rollout, Timestamp::MAX_UTC);
        Ok(rows.samples.range(all).map(|((_, at), body)| (*at, body.clone())).collect())
    }

    async fn stage_import(&self, import: ImportId, at: Timestamp, note: &[u8]) -> Result<(), JournalError> {
        let staged = StagedImport { import, at: at.trunc_subsecs(3), kept: false, note: note.to_vec() };
        let mut rows = self.rows.lock().await;
        rows.imports.entry(import).and_modify(|known| known.note = note.to_vec()).or_insert(staged);
        Ok(())
    }

    async fn stage_parts(&self, parts: &[ImportPart]) -> Result<(), JournalError> {
        let mut rows = self.rows.lock().await;
        rows.imported.extend(parts.iter().map(|part| ((part.import, part.part), part.clone())));
        Ok(())
    }

    async fn staged_import(&self, import: ImportId) -> Result<Option<StagedImport>, JournalError> {
        Ok(self.rows.lock().await.imports.get(&import).cloned())
    }

    async fn imported(
        &self,
        import: ImportId,
        product: &ProductSlug,
        from: u32,
        limit: u32,
    ) -> Result<Vec<ImportPart>, JournalError> {
        let rows = self.rows.lock().await;
        let kept = rows.imports.get(&import).is_some_and(|staged| staged.kept);
        let all = rows.imported.range((import, from)..=(import, u32::MAX)).map(|(_, part)| part);
        let its = all.filter(|part| kept && &part.product == product);
        Ok(its.take(limit as usize).cloned().collect())
    }
}
