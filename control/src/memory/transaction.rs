//! A copy of all rows that takes the place of the original on commit.

use super::{Rows, head_of, page};
use crate::{
    journal::{Head, JournalError, Recorded, Transaction, chain_up},
    vault::{Account, PrivateWrite, ROLLOUTS, email_taken, link_unusable, not_leading, not_staged, step_begun},
};
use async_trait::async_trait;
use domain::{
    Refusal, Timestamp,
    access::Actor,
    journal::{Fact, Seq, Stream},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::OwnedMutexGuard;

pub(super) struct MemoryTransaction {
    pub(super) place: OwnedMutexGuard<Rows>,
    pub(super) rows: Rows,
    pub(super) full: Arc<AtomicBool>,
}

#[async_trait]
impl Transaction for MemoryTransaction {
    async fn head(&mut self) -> Result<Head, JournalError> {
        Ok(head_of(&self.rows.events))
    }

    async fn read(&mut self, after: Seq, limit: u32) -> Result<Vec<Recorded>, JournalError> {
        Ok(page(self.rows.events.iter().filter(|e| e.seq > after).cloned(), limit))
    }

    async fn append(
        &mut self,
        stream: &Stream,
        expected: u64,
        facts: &[Fact],
        actor: Actor,
        at: Timestamp,
    ) -> Result<Vec<Recorded>, JournalError> {
        let name = stream.to_string();
        let actual = self.rows.events.iter().filter(|e| e.stream == name).map(|e| e.version).max().unwrap_or(0);
        if actual != expected {
            return Err(JournalError::Version { stream: stream.clone(), expected, actual });
        }
        let rows = chain_up(&head_of(&self.rows.events), stream, expected, facts, actor, at);
        self.rows.events.extend(rows.iter().cloned());
        Ok(rows)
    }

    async fn answer(&mut self, asker: &str, key: &str) -> Result<Option<(String, Vec<u8>)>, JournalError> {
        let kept = self.rows.answers.get(&(asker.to_owned(), key.to_owned()));
        Ok(kept.map(|(request, answer, _)| (request.clone(), answer.clone())))
    }

    async fn keep_answer(
        &mut self,
        asker: &str,
        key: &str,
        request: &str,
        answer: &[u8],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.rows.answers.insert((asker.to_owned(), key.to_owned()), (request.to_owned(), answer.to_vec(), at));
        Ok(())
    }

    async fn check(&mut self, write: &PrivateWrite, now: Timestamp) -> Result<Result<(), Refusal>, JournalError> {
        Ok(match write {
            PrivateWrite::PutAccount { person, email: Some(email), .. } => {
                let email = email.to_lowercase();
                let other = self
                    .rows
                    .accounts
                    .values()
                    .any(|a| a.person != *person && a.email.as_ref().is_some_and(|e| e.to_lowercase() == email));
                if other { Err(email_taken()) } else { Ok(()) }
            }
            PrivateWrite::UseLink { hash } => match self.rows.links.get(hash) {
                Some(link) if link.is_usable(now) => Ok(()),
                _ => Err(link_unusable()),
            },
            PrivateWrite::Intend { key, .. } if self.rows.intents.contains(key) => Err(step_begun(*key)),
            PrivateWrite::Intend { epoch, .. } => {
                let current = self.rows.leases.get(ROLLOUTS).map(|lease| lease.epoch);
                if current == Some(*epoch) { Ok(()) } else { Err(not_leading(*epoch, current)) }
            }
            PrivateWrite::KeepImport { import, parts } => {
                let all = (*import, 0)..=(*import, u32::MAX);
                let found = self.rows.imported.range(all).count() as u64;
                let there = self.rows.imports.contains_key(import);
                if there && found == u64::from(*parts) { Ok(()) } else { Err(not_staged(*parts, found)) }
            }
            _ => Ok(()),
        })
    }

    async fn write(&mut self, write: &PrivateWrite, _now: Timestamp) -> Result<(), JournalError> {
        let rows = &mut self.rows;
        match write.clone() {
            PrivateWrite::PutAccount { person, name, email } => {
                let password_hash = rows.accounts.get(&person).and_then(|a| a.password_hash.clone());
                rows.accounts.insert(person, Account { person, name, email, password_hash });
            }
            PrivateWrite::SetPassword { person, password_hash } => {
                if let Some(account) = rows.accounts.get_mut(&person) {
                    account.password_hash = Some(password_hash);
                }
                rows.sessions.retain(|_, s| s.person != person);
            }
            PrivateWrite::PutLink(link) => {
                rows.links.retain(|_, l| l.used || l.person != link.person || l.purpose != link.purpose);
                rows.links.insert(link.hash.clone(), link);
            }
            PrivateWrite::UseLink { hash } => {
                if let Some(link) = rows.links.get_mut(&hash) {
                    link.used = true;
                }
            }
            PrivateWrite::PutToken { token, person, secret_hash } => {
                rows.tokens.insert(secret_hash, (token, person));
            }
            PrivateWrite::DropToken { token } => rows.tokens.retain(|_, (t, _)| *t != token),
            PrivateWrite::EndSessions { person } => rows.sessions.retain(|_, s| s.person != person),
            PrivateWrite::Erase { person } => {
                rows.accounts.remove(&person);
                rows.sessions.retain(|_, s| s.person != person);
                rows.links.retain(|_, l| l.person != Some(person));
                rows.tokens.retain(|_, (_, p)| *p != person);
            }
            PrivateWrite::Intend { key, .. } => drop(rows.intents.insert(key)),
            PrivateWrite::PutSecret { place, name, sealed } => drop(rows.secrets.insert((place, name), sealed)),
            PrivateWrite::DropSecret { place, name } => drop(rows.secrets.remove(&(place, name))),
            PrivateWrite::KeepImport { import, .. } => {
                if let Some(staged) = rows.imports.get_mut(&import) {
                    staged.kept = true;
                }
            }
            PrivateWrite::DropImport { import } => {
                rows.imports.remove(&import);
                rows.imported.retain(|(of, _), _| *of != import);
            }
        }
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), JournalError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(JournalError::Storage("no space left".to_owned()));
        }
        *self.place = std::mem::take(&mut self.rows);
        Ok(())
    }
}
