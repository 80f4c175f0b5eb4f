//! Signing in and out, and whose browser this is.

use crate::{
    Control,
    dispatch::{Command, Order},
    vault::{LinkPurpose, OneTimeLink, PrivateWrite, Session, link_unusable},
};
use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, Via},
    digest::sha256_hex,
    person::{self, PersonId},
    text,
};
use std::{collections::HashMap, sync::Mutex};

/// How long a browser stays signed in.
const SESSION_DAYS: i64 = 14;
/// How long the set-up link opens; a restart makes a new one.
const SET_UP_HOURS: i64 = 24;
/// How long a session once read is believed: other replicas may have ended it.
const BELIEVED_SECONDS: i64 = 5;

#[derive(Debug, Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// Where the try comes from, for throttling.
    pub address: String,
}

/// A browser just signed in; the secret goes into its cookie and nowhere else.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub secret: String,
    pub person: PersonId,
    pub expires_at: Timestamp,
}

/// Sessions read lately.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, (Session, Timestamp)>>);

impl Sessions {
    fn get(&self, hash: &str, now: Timestamp) -> Option<Session> {
        let sessions = self.lock();
        let (session, read_at) = sessions.get(hash)?;
        (now - *read_at < chrono::Duration::seconds(BELIEVED_SECONDS)).then(|| session.clone())
    }

    fn put(&self, session: &Session, now: Timestamp) {
        let mut sessions = self.lock();
        if sessions.len() > 5_000 {
            sessions.retain(|_, (_, read_at)| now - *read_at < chrono::Duration::seconds(BELIEVED_SECONDS));
        }
        sessions.insert(session.hash.clone(), (session.clone(), now));
    }

    pub(super) fn forget(&self, of: PersonId) {
        self.lock().retain(|_, (session, _)| session.person != of);
    }

    fn drop_one(&self, hash: &str) {
        self.lock().remove(hash);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Session, Timestamp)>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Control {
    /// By address and password. Tries are slowed down per account and per address.
    pub async fn sign_in(&self, ask: SignIn) -> Result<NewSession, Refusal> {
        let email = ask.email.trim().to_lowercase();
        let account_key = format!("account {email}");
        let keys = [account_key.clone(), format!("address {}", ask.address)];
        self.throttle().admit(&keys, self.now())?;
        let account = self.journal().account_by_email(&email).await?;
        let hash = account.as_ref().and_then(|a| a.password_hash.clone());
        let fits = self.secrets().verify_password(ask.password, hash).await?;
        let person = account.map(|a| a.person).filter(|_| fits);
        let active = person.filter(|id| self.world().person(*id).is_some_and(|p| p.is_active()));
        let Some(person) = active else {
            self.throttle().failed(&keys, self.now());
            return Err(Refusal {
                field: Some("password".to_owned()),
                who_can_help: Some("An administrator, with a new link,".to_owned()),
                ..Refusal::new(
                    Class::Unauthenticated,
                    "Address and password do not fit together, or the account is disabled.",
                )
            });
        };
        self.throttle().succeeded(&account_key);
        self.open_session(person).await
    }

    pub async fn sign_out(&self, secret: &str) -> Result<(), Refusal> {
        let hash = sha256_hex(secret.as_bytes());
        self.sessions().drop_one(&hash);
        Ok(self.journal().end_session(&hash).await?)
    }

    /// Whose browser holds this secret, while the session lasts and the person is active.
    pub async fn actor_of_session(&self, secret: &str) -> Result<Option<Actor>, Refusal> {
        let (hash, now) = (sha256_hex(secret.as_bytes()), self.now());
        let session = match self.sessions().get(&hash, now) {
            Some(session) => session,
            None => match self.journal().session(&hash).await? {
                Some(session) => {
                    self.sessions().put(&session, now);
                    session
                }
                None => return Ok(None),
            },
        };
        let active = self.world().person(session.person).is_some_and(|p| p.is_active());
        Ok((active && now < session.expires_at).then_some(Actor::Person(session.person, Via::Session)))
    }

    /// A fresh one-time link for the first administrator; none once somebody can sign in.
    pub async fn set_up_link(&self) -> Result<Option<String>, Refusal> {
        if self.world().anybody() {
            return Ok(None);
        }
        let secret = self.secrets().fresh();
        let link = OneTimeLink {
            hash: sha256_hex(secret.as_bytes()),
            person: None,
            purpose: LinkPurpose::SetUp,
            expires_at: self.now() + chrono::Duration::hours(SET_UP_HOURS),
            used: false,
        };
        self.private(PrivateWrite::PutLink(link)).await?;
        Ok(Some(secret))
    }

    /// Makes the first administrator.
    pub async fn set_up(&self, link: &str, name: &str, email: &str, password: String) -> Result<NewSession, Refusal> {
        let link = self.usable_link(link, LinkPurpose::SetUp).await?;
        let (name, email) = (text::required("name", name, 80)?, checked_email(email)?);
        let password_hash = self.new_password(password).await?;
        let person = PersonId(self.secrets().fresh_id());
        let order = Order::new(Actor::System, Command::Person(person, person::Command::SetUp))
            .with(PrivateWrite::UseLink { hash: link.hash })
            .with(PrivateWrite::PutAccount { person, name, email: Some(email) })
            .with(PrivateWrite::SetPassword { person, password_hash });
        self.order(order).await?;
        self.open_session(person).await
    }

    /// Sets a password by one-time link and signs in; all other browsers of the person are signed out.
    pub async fn set_password(&self, link: &str, password: String) -> Result<NewSession, Refusal> {
        let link = self.usable_link(link, LinkPurpose::SetPassword).await?;
        let person = link.person.ok_or_else(link_unusable)?;
        let password_hash = self.new_password(password).await?;
        let actor = Actor::Person(person, Via::Session);
        let order = Order::new(actor, Command::Person(person, person::Command::SetPassword))
            .with(PrivateWrite::UseLink { hash: link.hash })
            .with(PrivateWrite::SetPassword { person, password_hash });
        self.order(order).await?;
        self.sessions().forget(person);
        self.open_session(person).await
    }

    /// Signs in by one-time link alone; such links are made for the demo only.
    pub async fn sign_in_by_link(&self, link: &str) -> Result<NewSession, Refusal> {
        let link = self.usable_link(link, LinkPurpose::SignIn).await?;
        let person = link.person.ok_or_else(link_unusable)?;
        if !self.world().person(person).is_some_and(|p| p.is_active()) {
            return Err(link_unusable());
        }
        self.private(PrivateWrite::UseLink { hash: link.hash }).await?;
        self.open_session(person).await
    }

    /// The link behind a secret while it opens something, for pages that show what it is for.
    pub async fn usable_link(&self, secret: &str, purpose: LinkPurpose) -> Result<OneTimeLink, Refusal> {
        let link = self.journal().link(&sha256_hex(secret.as_bytes())).await?;
        link.filter(|l| l.purpose == purpose && l.is_usable(self.now())).ok_or_else(link_unusable)
    }

    async fn open_session(&self, person: PersonId) -> Result<NewSession, Refusal> {
        let (secret, now) = (self.secrets().fresh(), self.now());
        let expires_at = now + chrono::Duration::days(SESSION_DAYS);
        let session = Session { hash: sha256_hex(secret.as_bytes()), person, created_at: now, expires_at };
        self.journal().put_session(&session).await?;
        Ok(NewSession { secret, person, expires_at })
    }

    async fn new_password(&self, password: String) -> Result<String, Refusal> {
        let length = password.chars().count();
        if !(12..=200).contains(&length) {
            return Err(Refusal::invalid("password", format!("{length} characters"), "12 to 200 characters"));
        }
        self.secrets().hash_password(password).await
    }

    /// Writes private rows that no event belongs to.
    pub(super) async fn private(&self, write: PrivateWrite) -> Result<(), Refusal> {
        let mut transaction = self.journal().begin().await?;
        let now = self.now();
        transaction.check(&write, now).await??;
        transaction.write(&write, now).await?;
        Ok(transaction.commit().await?)
    }
}

/// An address that could be one; whether it is, only a message can tell.
pub(super) fn checked_email(email: &str) -> Result<String, Refusal> {
    let email = text::required("email", email, 200)?;
    let sound =
        email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
            && !email.contains(char::is_whitespace);
    if sound {
        Ok(email)
    } else {
        Err(Refusal::invalid("email", format!("“{email}”"), "an address such as someone@example.org"))
    }
}
