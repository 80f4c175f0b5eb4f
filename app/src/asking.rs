//! Who asks, on the server: the control room and the actor of the request under way.

use control::{Command, Control, Order, Receipt};
use domain::{
    Class, Refusal,
    access::{Actor, Authority, Permission},
    person::PersonId,
    product::Product,
    slug::ProductSlug,
};
use http::{header::ACCEPT, request::Parts};
use leptos::prelude::use_context;
use std::sync::Arc;

/// A known asker.
#[derive(Debug, Clone)]
pub struct Asking {
    pub control: Control,
    pub actor: Actor,
    pub person: PersonId,
}

/// The control room, where a page is rendered or a server function runs.
pub fn control() -> Result<Control, Refusal> {
    use_context().ok_or_else(|| Refusal::new(Class::Unavailable, "Pilothouse is not ready to answer."))
}

/// What the server found out about the request; none while routes are only listed.
pub fn parts() -> Option<Parts> {
    use_context()
}

/// Who is signed in, if anybody is.
pub fn actor() -> Option<Actor> {
    parts().and_then(|parts| parts.extensions.get::<Actor>().copied())
}

/// True for a plain form or link: a browser that wants a page, not data.
pub fn wants_page() -> bool {
    let accept = parts().and_then(|parts| parts.headers.get(ACCEPT).cloned());
    accept.is_some_and(|value| value.to_str().is_ok_and(|value| value.contains("text/html")))
}

/// The asker, who must be signed in.
pub fn asking() -> Result<Asking, Refusal> {
    let actor = actor().ok_or_else(nobody)?;
    let person = actor.person().ok_or_else(nobody)?;
    Ok(Asking { control: control()?, actor, person })
}

fn nobody() -> Refusal {
    Refusal {
        who_can_help: Some("Signing in".to_owned()),
        ..Refusal::new(Class::Unauthenticated, "You are not signed in.")
    }
}

impl Asking {
    /// What the asker may do on a product that they may see; one they may not see is not there for them.
    pub fn seen(&self, slug: &ProductSlug) -> Result<(Arc<Product>, Authority), Refusal> {
        let world = self.control.world();
        let by = world.authority(self.actor, Some(slug), self.control.now());
        match world.product(slug) {
            Some(product) if by.may(Permission::View) => Ok((product.clone(), by)),
            _ => Err(Refusal::not_found(format!("product “{slug}”"))),
        }
    }

    /// For pages of the whole installation.
    pub fn administers(&self, to: &str) -> Result<Authority, Refusal> {
        let by = self.control.authority(self.actor, None);
        by.require(Permission::Administer, to)?;
        Ok(by)
    }

    pub async fn order(&self, command: Command) -> Result<Receipt, Refusal> {
        self.control.order(Order::new(self.actor, command)).await
    }
}
