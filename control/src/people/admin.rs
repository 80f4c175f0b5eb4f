//! Inviting, changing and erasing people.

use super::session::checked_email;
use crate::{
    Control, Receipt,
    dispatch::{Command, Once, Order, Outcome, Told},
    vault::{LinkPurpose, OneTimeLink, PrivateWrite},
};
use domain::{
    Class, Refusal,
    access::{Actor, TokenScope},
    digest::sha256_hex,
    person::{self, Grant, Nature, PersonId, Reach, TokenId},
    slug::RoleId,
    text,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How long an invitation or reset link opens.
const LINK_DAYS: i64 = 7;

#[derive(Debug, Clone)]
pub struct AddPerson {
    pub name: String,
    pub email: Option<String>,
    pub nature: Nature,
    pub grants: BTreeSet<Grant>,
}

#[derive(Debug, Clone)]
pub struct Invited {
    pub person: PersonId,
    /// The secret of the link by which a human being sets a password; shown once.
    pub link: Option<String>,
}

impl Control {
    pub async fn add_person(&self, actor: Actor, ask: AddPerson) -> Result<Invited, Refusal> {
        match self.add_person_once(actor, ask, None).await? {
            Told::New(invited) => Ok(invited),
            Told::Again(_) => Err(Refusal::new(Class::Unavailable, "An answer came from an earlier request.")),
        }
    }

    /// [`Control::add_person`] for requests that may arrive twice.
    pub async fn add_person_once(
        &self,
        actor: Actor,
        ask: AddPerson,
        once: Option<Once<Invited>>,
    ) -> Result<Told<Invited>, Refusal> {
        self.authority(actor, None).require(domain::access::Permission::Administer, "add people")?;
        let name = text::required("name", &ask.name, 80)?;
        let email = ask.email.filter(|e| !e.trim().is_empty()).map(|e| checked_email(&e)).transpose()?;
        let person = PersonId(self.secrets().fresh_id());
        let secret = (ask.nature == Nature::Human).then(|| self.secrets().fresh());
        let link = secret.as_ref().map(|secret| self.new_link(secret, person, LinkPurpose::SetPassword));
        let command = person::Command::Add {
            nature: ask.nature,
            grants: ask.grants,
            link_expires_at: link.as_ref().map(|l| l.expires_at),
        };
        let mut order =
            Order::new(actor, Command::Person(person, command)).with(PrivateWrite::PutAccount { person, name, email });
        order.private.extend(link.map(PrivateWrite::PutLink));
        let invited = Invited { person, link: secret };
        order.idempotency = once.map(|once| once.settle(&invited));
        Ok(match self.dispatch(order).await? {
            Outcome::Done(_) => Told::New(invited),
            Outcome::Repeated(answer) => Told::Again(answer),
        })
    }

    /// Corrects a name or address; what is not given stays.
    pub async fn correct_person(
        &self,
        actor: Actor,
        person: PersonId,
        name: Option<&str>,
        email: Option<&str>,
    ) -> Result<Receipt, Refusal> {
        let now = self.account(person).ok_or_else(|| Refusal::not_found("person with this id"))?;
        let name = name.map_or(Ok(now.name), |name| text::required("name", name, 80))?;
        let email = email.map_or(Ok(now.email), |email| checked_email(email).map(Some))?;
        let order = Order::new(actor, Command::Person(person, person::Command::Correct));
        self.order(order.with(PrivateWrite::PutAccount { person, name, email })).await
    }

    /// A new invitation or password reset; links made earlier stop working.
    pub async fn issue_link(&self, actor: Actor, person: PersonId, purpose: LinkPurpose) -> Result<String, Refusal> {
        let secret = self.secrets().fresh();
        let link = self.new_link(&secret, person, purpose);
        let command = person::Command::IssueLink { expires_at: link.expires_at };
        self.order(Order::new(actor, Command::Person(person, command)).with(PrivateWrite::PutLink(link))).await?;
        Ok(secret)
    }

    /// Any change to a person, with the private rows that belong to it.
    pub async fn change_person(
        &self,
        actor: Actor,
        person: PersonId,
        command: person::Command,
    ) -> Result<Receipt, Refusal> {
        let private = match &command {
            person::Command::Disable { .. } => Some(PrivateWrite::EndSessions { person }),
            person::Command::Erase => Some(PrivateWrite::Erase { person }),
            person::Command::RevokeToken { token } => Some(PrivateWrite::DropToken { token: *token }),
            person::Command::SetPassword | person::Command::IssueLink { .. } | person::Command::IssueToken { .. } => {
                return Err(Refusal::new(Class::Invalid, "This change needs a secret; ask for it by its own call."));
            }
            _ => None,
        };
        let mut order = Order::new(actor, Command::Person(person, command));
        order.private.extend(private);
        let receipt = self.order(order).await?;
        self.sessions().forget(person);
        Ok(receipt)
    }

    /// The administrator that configuration asks for, known by the token given there. The same value again changes nothing.
    pub async fn seed_administrator(&self, token: &str) -> Result<(), Refusal> {
        let secret_hash = sha256_hex(token.as_bytes());
        if self.journal().token(&secret_hash).await?.is_some() {
            return Ok(());
        }
        // Ids follow from the value, so that two replicas starting at once make one administrator.
        let person = PersonId(Uuid::new_v5(&Uuid::NAMESPACE_OID, b"pilothouse configured administrator"));
        let token = TokenId(Uuid::new_v5(&Uuid::NAMESPACE_OID, secret_hash.as_bytes()));
        if self.world().person(person).is_none() {
            let grants = [Grant { reach: Reach::Everywhere, role: RoleId::administrator() }].into();
            let command = person::Command::Add { nature: Nature::Service, grants, link_expires_at: None };
            let name = "Configured administrator".to_owned();
            let order = Order::new(Actor::System, Command::Person(person, command));
            self.order(order.with(PrivateWrite::PutAccount { person, name, email: None })).await?;
        }
        let command = person::Command::IssueToken { token, scopes: [TokenScope::Everything].into(), expires_at: None };
        let order = Order::new(Actor::System, Command::Person(person, command));
        self.order(order.with(PrivateWrite::PutToken { token, person, secret_hash })).await?;
        Ok(())
    }

    fn new_link(&self, secret: &str, person: PersonId, purpose: LinkPurpose) -> OneTimeLink {
        OneTimeLink {
            hash: sha256_hex(secret.as_bytes()),
            person: Some(person),
            purpose,
            expires_at: self.now() + chrono::Duration::days(LINK_DAYS),
            used: false,
        }
    }
}
