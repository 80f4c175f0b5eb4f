//! API tokens: issued once, recognised by hash, as good as their person and their scopes.

use super::secrets::{is_well_formed, token_secret};
use crate::{
    Control, Receipt,
    dispatch::{Command, Once, Order, Outcome, Told},
    vault::PrivateWrite,
};
use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, TokenScope, Via},
    digest::sha256_hex,
    person::{self, PersonId, TokenId},
};
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct IssueToken {
    pub person: PersonId,
    pub scopes: BTreeSet<TokenScope>,
    pub expires_at: Option<Timestamp>,
}

/// The only time the secret is seen.
#[derive(Debug, Clone)]
pub struct Issued {
    pub token: TokenId,
    pub secret: String,
}

impl Control {
    pub async fn issue_token(&self, actor: Actor, ask: IssueToken) -> Result<Issued, Refusal> {
        match self.issue_token_once(actor, ask, None).await? {
            Told::New(issued) => Ok(issued),
            Told::Again(_) => Err(Refusal::new(Class::Unavailable, "An answer came from an earlier request.")),
        }
    }

    /// [`Control::issue_token`] for requests that may arrive twice.
    pub async fn issue_token_once(
        &self,
        actor: Actor,
        ask: IssueToken,
        once: Option<Once<Issued>>,
    ) -> Result<Told<Issued>, Refusal> {
        let token = TokenId(self.secrets().fresh_id());
        let secret = token_secret(&self.secrets().fresh());
        let command = person::Command::IssueToken { token, scopes: ask.scopes, expires_at: ask.expires_at };
        let secret_hash = sha256_hex(secret.as_bytes());
        let issued = Issued { token, secret };
        let mut order = Order::new(actor, Command::Person(ask.person, command)).with(PrivateWrite::PutToken {
            token,
            person: ask.person,
            secret_hash,
        });
        order.idempotency = once.map(|once| once.settle(&issued));
        Ok(match self.dispatch(order).await? {
            Outcome::Done(_) => Told::New(issued),
            Outcome::Repeated(answer) => Told::Again(answer),
        })
    }

    pub async fn revoke_token(&self, actor: Actor, person: PersonId, token: TokenId) -> Result<Receipt, Refusal> {
        self.change_person(actor, person, person::Command::RevokeToken { token }).await
    }

    /// A secret for the address of one's own calendar feed.
    pub async fn open_feed(&self, actor: Actor, person: PersonId) -> Result<Issued, Refusal> {
        let ask = IssueToken { person, scopes: [TokenScope::CalendarFeed].into(), expires_at: None };
        self.issue_token(actor, ask).await
    }

    /// Whose calendar feed a secret opens, while it is valid. Anything else opens nothing, and says no more.
    pub async fn reader_of_feed(&self, secret: &str) -> Result<PersonId, Refusal> {
        let nothing = || Refusal::not_found("calendar feed at this address");
        if !is_well_formed(secret) {
            return Err(nothing());
        }
        let (id, person) = self.journal().token(&sha256_hex(secret.as_bytes())).await?.ok_or_else(nothing)?;
        let world = self.world();
        let active = world.person(person).filter(|p| p.is_active());
        let token = active.and_then(|p| p.tokens.get(&id)).filter(|token| token.is_valid(self.now()));
        token.filter(|token| token.scopes.contains(&TokenScope::CalendarFeed)).map(|_| person).ok_or_else(nothing)
    }

    /// Who a token speaks for, while it is valid.
    pub async fn actor_of_token(&self, token: &str) -> Result<Actor, Refusal> {
        let refused = |why: &str| Refusal {
            who_can_help: Some("An administrator, or its holder under “My tokens”,".to_owned()),
            ..Refusal::new(Class::Unauthenticated, why)
        };
        if !is_well_formed(token) {
            return Err(refused("This token is mistyped: its checksum does not fit."));
        }
        let known = self.journal().token(&sha256_hex(token.as_bytes())).await?;
        let (id, person) = known.ok_or_else(|| refused("This token is unknown or has been revoked."))?;
        let world = self.world();
        let active = world.person(person).filter(|p| p.is_active());
        match active.and_then(|p| p.tokens.get(&id)) {
            Some(token) if token.scopes.contains(&TokenScope::CalendarFeed) => {
                Err(refused("This secret belongs into the address of a calendar feed and opens nothing else."))
            }
            Some(token) if token.is_valid(self.now()) => Ok(Actor::Person(person, Via::Token(id))),
            _ => Err(refused("This token has expired, was revoked, or its person is disabled.")),
        }
    }
}
