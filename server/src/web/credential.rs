//! By what a request says who it is, and the extractors that hand that to handlers.

use super::{Web, rest::Problem};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use control::World;
use domain::{
    Class, Refusal,
    access::{Actor, Authority, Permission},
    person::PersonId,
    slug::ProductSlug,
};
use http::request::Parts;
use std::{convert::Infallible, fmt};

/// What came with the request; kept so that long streams can look again whether it still holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    Bearer(String),
    Session(String),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bearer(_) => "Bearer(hidden)",
            Self::Session(_) => "Session(hidden)",
        })
    }
}

impl Credential {
    /// Who that is now; none for a session that has ended.
    pub async fn actor(&self, web: &Web) -> Result<Option<Actor>, Refusal> {
        match self {
            Self::Bearer(token) => web.control.actor_of_token(token).await.map(Some),
            Self::Session(secret) => web.control.actor_of_session(secret).await,
        }
    }
}

/// Somebody known. Handlers that take it answer 401 to everybody else.
#[derive(Debug, Clone, Copy)]
pub struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Actor>().copied().map(Caller).ok_or_else(|| unknown_caller().into())
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Actor>().copied().map(Caller))
    }
}

/// Said to whoever shows nothing.
pub fn unknown_caller() -> Refusal {
    Refusal {
        who_can_help: Some("An administrator, who can issue tokens and invitations,".to_owned()),
        ..Refusal::new(Class::Unauthenticated, "Nobody is signed in: send “Authorization: Bearer <token>” or sign in.")
    }
}

impl Caller {
    /// The person behind it. System never comes through the web.
    pub fn person(self) -> Result<PersonId, Refusal> {
        self.0.person().ok_or_else(unknown_caller)
    }

    /// What the caller may do concerning the whole installation.
    pub fn installation(self, web: &Web) -> (World, Authority) {
        let world = web.control.world();
        let by = world.authority(self.0, None, web.control.now());
        (world, by)
    }

    /// Refused unless the caller may do this everywhere.
    pub fn may(self, web: &Web, permission: Permission, to: &str) -> Result<World, Refusal> {
        let (world, by) = self.installation(web);
        by.require(permission, to)?;
        Ok(world)
    }

    /// The world and what the caller may do on a product; a product they do not see is not there.
    pub fn on(self, web: &Web, product: &ProductSlug) -> Result<(World, Authority), Refusal> {
        let world = web.control.world();
        let by = world.authority(self.0, Some(product), web.control.now());
        if world.product(product).is_some() && !by.permissions.is_empty() {
            Ok((world, by))
        } else {
            Err(Refusal::not_found(format!("product “{product}”")))
        }
    }

    /// [`Caller::on`] for looking.
    pub fn viewing(self, web: &Web, product: &ProductSlug) -> Result<(World, Authority), Refusal> {
        let (world, by) = self.on(web, product)?;
        by.require(Permission::View, "see this product")?;
        Ok((world, by))
    }
}
