//! The port to what is not in the record: names, addresses, password hashes, sessions, links and token hashes; and what
//! rollouts need beside it: which steps were begun, who leads, sealed secrets of integrations, and measurements; and past
//! deliveries that were imported.
//! These rows can be corrected and erased; the record holds ids only.

use crate::journal::JournalError;
use async_trait::async_trait;
use domain::{
    Class, Refusal, Timestamp,
    dora::import::ImportId,
    environment::EnvironmentId,
    person::{PersonId, TokenId},
    rollout::RolloutId,
    slug::ProductSlug,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name of the lease of whoever leads the rollouts; every intent carries its epoch.
pub const ROLLOUTS: &str = "rollouts";

/// How a person is called and reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub person: PersonId,
    pub name: String,
    pub email: Option<String>,
    /// A PHC string; none until a password was set.
    pub password_hash: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkPurpose {
    /// Makes the first administrator.
    SetUp,
    /// Lets a person set their password.
    SetPassword,
    /// Signs in as the person, without a password; the demo's, on loopback only.
    SignIn,
}

impl LinkPurpose {
    pub fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::SetPassword => "set_password",
            Self::SignIn => "sign_in",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::SetUp, Self::SetPassword, Self::SignIn].into_iter().find(|p| p.name() == name)
    }
}

/// A one-time link, known by the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    pub hash: String,
    pub person: Option<PersonId>,
    pub purpose: LinkPurpose,
    pub expires_at: Timestamp,
    /// A used link says so instead of vanishing.
    pub used: bool,
}

impl OneTimeLink {
    pub fn is_usable(&self, now: Timestamp) -> bool {
        !self.used && now < self.expires_at
    }
}

/// A signed-in browser, known by the hash of its cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub hash: String,
    pub person: PersonId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A write to private rows that belongs to the same transaction as the event that wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivateWrite {
    /// Refused when the address belongs to somebody else.
    PutAccount {
        person: PersonId,
        name: String,
        email: Option<String>,
    },
    /// Also ends all sessions of the person.
    SetPassword {
        person: PersonId,
        password_hash: String,
    },
    /// Takes the place of unused links for the same person and purpose.
    PutLink(OneTimeLink),
    /// Refused when the link is unknown, used or too old.
    UseLink {
        hash: String,
    },
    PutToken {
        token: TokenId,
        person: PersonId,
        secret_hash: String,
    },
    DropToken {
        token: TokenId,
    },
    EndSessions {
        person: PersonId,
    },
    /// Name, address, password, sessions, links and tokens go.
    Erase {
        person: PersonId,
    },
    /// A step is about to be done. Refused when it was begun before, or when the lease [`ROLLOUTS`] is not of this epoch;
    /// once checked, the lease changes hands only after the transaction has ended.
    Intend {
        key: Uuid,
        epoch: u64,
    },
    /// A secret of an environment's integrations, sealed with a key that is not in the database. Takes the place of the
    /// one of the same name.
    PutSecret {
        place: EnvironmentId,
        name: String,
        sealed: Vec<u8>,
    },
    DropSecret {
        place: EnvironmentId,
        name: String,
    },
    /// What was staged under this id counts from now on. Refused unless exactly so many parts of it are there.
    KeepImport {
        import: ImportId,
        parts: u32,
    },
    /// Removes what was staged or kept under this id.
    DropImport {
        import: ImportId,
    },
}

/// Facts of one product, one of the parts that an import was cut into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPart {
    pub import: ImportId,
    /// Counted from 0 through the whole import.
    pub part: u32,
    pub product: ProductSlug,
    pub body: Vec<u8>,
}

/// What is known of something staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedImport {
    pub import: ImportId,
    pub at: Timestamp,
    /// It was finished: its facts count.
    pub kept: bool,
    /// What whoever staged it noted.
    pub note: Vec<u8>,
}

#[async_trait]
pub trait Vault: Send + Sync + std::fmt::Debug {
    async fn accounts(&self) -> Result<Vec<Account>, JournalError>;
    async fn account(&self, person: PersonId) -> Result<Option<Account>, JournalError>;
    /// Case of letters does not matter.
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, JournalError>;
    async fn link(&self, hash: &str) -> Result<Option<OneTimeLink>, JournalError>;
    async fn token(&self, secret_hash: &str) -> Result<Option<(TokenId, PersonId)>, JournalError>;
    async fn put_session(&self, session: &Session) -> Result<(), JournalError>;
    async fn session(&self, hash: &str) -> Result<Option<Session>, JournalError>;
    async fn end_session(&self, hash: &str) -> Result<(), JournalError>;
    /// Removes expired sessions and links, answers older than `answers_before`, and what was staged before that and
    /// never finished.
    async fn sweep(&self, now: Timestamp, answers_before: Timestamp) -> Result<(), JournalError>;
    /// Takes or renews the lease `name` until `until`: free, run out at `now`, held by `holder` already, or by force. Its
    /// epoch, which rises with each change of holder; none when somebody else holds it.
    async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        by_force: bool,
    ) -> Result<Option<u64>, JournalError>;
    /// Frees the lease at once if `holder` has it. Whoever takes it next, `holder` too, gets a higher epoch.
    async fn give_up_lease(&self, name: &str, holder: &str) -> Result<(), JournalError>;
    /// Names and sealed values of the secrets of `place`, by name.
    async fn secrets(&self, place: &EnvironmentId) -> Result<Vec<(String, Vec<u8>)>, JournalError>;
    /// Keeps all of these or none; the first sample of a rollout and millisecond stays, whatever comes later.
    async fn keep_samples(&self, samples: &[(RolloutId, Timestamp, Vec<u8>)]) -> Result<(), JournalError>;
    async fn keep_sample(&self, rollout: RolloutId, at: Timestamp, body: &[u8]) -> Result<(), JournalError> {
        self.keep_samples(&[(rollout, at, body.to_vec())]).await
    }
    /// What was measured during a rollout, oldest first.
    async fn samples(&self, rollout: RolloutId) -> Result<Vec<(Timestamp, Vec<u8>)>, JournalError>;
    /// Begins to stage an import, or corrects its note.
    async fn stage_import(&self, import: ImportId, at: Timestamp, note: &[u8]) -> Result<(), JournalError>;
    /// Keeps these parts or none of them; a part that is there already is replaced.
    async fn stage_parts(&self, parts: &[ImportPart]) -> Result<(), JournalError>;
    async fn staged_import(&self, import: ImportId) -> Result<Option<StagedImport>, JournalError>;
    /// Parts of one import about one product, in order, from `from` on and at most `limit`; only what is kept.
    async fn imported(
        &self,
        import: ImportId,
        product: &ProductSlug,
        from: u32,
        limit: u32,
    ) -> Result<Vec<ImportPart>, JournalError>;
}

/// Said by every adapter when the address belongs to somebody else.
pub fn email_taken() -> Refusal {
    Refusal::conflict("This address belongs to another account.", "an address not in use", "in use").on("email")
}

/// Said by every adapter when a one-time link opens nothing.
pub fn link_unusable() -> Refusal {
    Refusal {
        who_can_help: Some("An administrator, who can make a new one,".to_owned()),
        ..Refusal::new(Class::Forbidden, "This link is unknown, was used before, or is too old.")
    }
}

/// Said by every adapter when an import to be finished is not there as it was staged.
pub fn not_staged(parts: u32, found: u64) -> Refusal {
    Refusal {
        who_can_help: Some("Sending the file again".to_owned()),
        ..Refusal::conflict(
            "What was to be imported is not there any more: it is kept for a day.",
            format!("{parts} parts"),
            format!("{found} parts"),
        )
    }
}

/// Said by every adapter when a step was begun before.
pub fn step_begun(key: Uuid) -> Refusal {
    Refusal::conflict("This step was begun already.", "a step that nobody began", key.to_string())
}

/// Said by every adapter when the lease is not of this epoch; `current` is the one it has, if anybody ever took it.
pub fn not_leading(epoch: u64, current: Option<u64>) -> Refusal {
    let now = current.map_or("nobody has led yet".to_owned(), |current| format!("now it is {current}"));
    Refusal::conflict(
        "Another replica leads the rollouts now.",
        "the current leader's epoch",
        format!("epoch {epoch}; {now}"),
    )
}
