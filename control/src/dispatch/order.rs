//! What is asked for, and what comes of it.

use crate::{vault::PrivateWrite, world::Choice};
use domain::{
    access::Actor,
    automation,
    digest::Digest,
    dora::import::{self, ImportId},
    environment::{self, Environment, EnvironmentId},
    journal::{Envelope, Seq, Stream},
    known_issue::{self, KnownIssue, KnownIssueId},
    person::{self, PersonId, Reach},
    playbook::Revision,
    product,
    release::{self, Release, ReleaseId, Version},
    rollout::{self, Rollout, RolloutId},
    slug::{PlaybookName, ProductSlug},
    window,
};
use std::{fmt, sync::Arc};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Product(ProductSlug, product::Command),
    CreateRelease(ProductSlug, release::Create),
    Release(ReleaseId, release::Command),
    Person(PersonId, person::Command),
    Environment(EnvironmentId, environment::Command),
    PublishPlaybook(PlaybookName, String),
    /// The same by somebody who began with the revision `after`: refused when there is a newer one.
    RevisePlaybook {
        name: PlaybookName,
        text: String,
        after: Revision,
    },
    /// The newest revision of `from` becomes the first of `to`.
    CopyPlaybook {
        from: PlaybookName,
        to: PlaybookName,
    },
    Calendar(Reach, window::Command),
    Automation(Reach, automation::Command),
    /// Of the product that has it.
    KnownIssue(ProductSlug, KnownIssueId, known_issue::Command),
    StartRollout(Box<StartRollout>),
    Rollout(EnvironmentId, rollout::Command),
    /// Past deliveries, staged under this id.
    Import(ImportId, import::Command),
}

/// A release shall go into an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRollout {
    pub place: EnvironmentId,
    pub id: RolloutId,
    pub version: Version,
    pub choice: Choice,
    /// What whoever asks believes the release to be; a release that has changed since is refused.
    pub digest: Option<Digest>,
    pub reason: String,
    /// Lengths of time are divided by it.
    pub speed: u32,
}

/// Who asks for what.
#[derive(Debug)]
pub struct Order {
    pub actor: Actor,
    pub command: Command,
    /// Private rows that are written when the command is accepted, in the same transaction.
    pub private: Vec<PrivateWrite>,
    pub idempotency: Option<Idempotency>,
}

impl Order {
    pub fn new(actor: Actor, command: Command) -> Self {
        Self { actor, command, private: Vec::new(), idempotency: None }
    }

    #[must_use]
    pub fn with(mut self, write: PrivateWrite) -> Self {
        self.private.push(write);
        self
    }
}

/// Makes the bytes to keep as the answer under an idempotency key, from what there is to tell.
pub type AnswererOf<T> = Box<dyn FnOnce(&T) -> Vec<u8> + Send + Sync>;
/// Makes them from the receipt.
pub type Answerer = AnswererOf<Receipt>;

/// A request that may arrive twice and must take effect once.
pub struct Idempotency {
    pub key: String,
    /// The hash of the whole request: the same key with another request is refused.
    pub request: String,
    pub answer: Answerer,
}

impl fmt::Debug for Idempotency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idempotency").field("key", &self.key).finish_non_exhaustive()
    }
}

/// [`Idempotency`] for calls whose answer is more than the receipt, such as a secret shown once.
pub struct Once<T> {
    pub key: String,
    pub request: String,
    pub answer: AnswererOf<T>,
}

impl<T> Once<T> {
    /// The answer is settled before the order is sent: it is `told`, once the order is accepted.
    pub(crate) fn settle(self, told: &T) -> Idempotency {
        let answer = (self.answer)(told);
        Idempotency { key: self.key, request: self.request, answer: Box::new(move |_| answer) }
    }
}

impl<T> fmt::Debug for Once<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a call with a [`Once`] yields.
#[derive(Debug)]
pub enum Told<T> {
    New(T),
    /// The kept answer to the same request, made earlier.
    Again(Vec<u8>),
}

/// What was recorded.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The stream it went to; a new release learns its version from here.
    pub stream: Stream,
    /// The last event that the answer rests on.
    pub seq: Seq,
    /// Empty when nothing had to change.
    pub envelopes: Vec<Arc<Envelope>>,
    /// The release afterwards, when it concerns one.
    pub release: Option<Box<Release>>,
    /// The environment afterwards, when it concerns one.
    pub environment: Option<Arc<Environment>>,
    /// The rollout that people asked for or spoke of, afterwards, with its state as they see it.
    pub rollout: Option<(Arc<Rollout>, rollout::State)>,
    /// The known issue afterwards, when it concerns one.
    pub known_issue: Option<Arc<KnownIssue>>,
}

#[derive(Debug)]
pub enum Outcome {
    Done(Receipt),
    /// The same request came before; this was its answer.
    Repeated(Vec<u8>),
}

impl Outcome {
    /// For callers that gave no idempotency key.
    pub fn receipt(self) -> Option<Receipt> {
        match self {
            Self::Done(receipt) => Some(receipt),
            Self::Repeated(_) => None,
        }
    }
}
