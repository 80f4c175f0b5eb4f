//! How a product follows from what happened.

use super::{Event, Product};
use crate::{Timestamp, slug::ProductSlug};

pub fn evolve(slug: &ProductSlug, event: &Event, at: Timestamp) -> Product {
    let Event::Created { name, playbook, playbook_revision, repository } = event;
    Product {
        slug: slug.clone(),
        name: name.clone(),
        playbook: playbook.clone(),
        playbook_revision: *playbook_revision,
        repository: repository.clone(),
        created_at: at,
    }
}
