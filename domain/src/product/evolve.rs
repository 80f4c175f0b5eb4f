//! How a product follows from what happened.

use super::{Event, Product};
use crate::{Class, Refusal, Timestamp, slug::ProductSlug};

/// The state after `event`. Fails only on a record that cannot be: a first event that is not `created`.
pub fn evolve(slug: &ProductSlug, state: Option<&Product>, event: &Event, at: Timestamp) -> Result<Product, Refusal> {
    match event {
        Event::Created { name, playbook, playbook_revision, repository } => Ok(Product {
            slug: slug.clone(),
            name: name.clone(),
            playbook: playbook.clone(),
            playbook_revision: *playbook_revision,
            repository: repository.clone(),
            created_at: at,
        }),
        Event::Followed { playbook, playbook_revision } => {
            let before = state.ok_or_else(|| {
                Refusal::new(Class::Unavailable, format!("The record of product {slug} has no beginning."))
            })?;
            Ok(Product { playbook: playbook.clone(), playbook_revision: *playbook_revision, ..before.clone() })
        }
    }
}
