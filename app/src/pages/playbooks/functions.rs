//! Server functions around playbooks: which there are, copying one, following a revision.

use crate::{failure::Failure, forms::Accepted};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// A playbook in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaybookLine {
    pub name: String,
    pub title: String,
    pub summary: String,
    /// The newest.
    pub revision: u32,
    /// How many products follow it, of those that the reader sees.
    pub products: usize,
}

#[server(prefix = "/see", endpoint = "playbooks", input = GetUrl)]
pub async fn see_playbooks() -> Result<Vec<PlaybookLine>, Failure> {
    crate::failure::answer(on_server::playbooks())
}

/// Begins the playbook `name` with what `from` says now.
#[server(prefix = "/do", endpoint = "copy_playbook")]
pub async fn copy_playbook(from: String, name: String) -> Result<(), Failure> {
    crate::failure::answer(on_server::copy(&from, &name).await)
}

/// Moves an open release to a newer revision of its playbook.
#[server(prefix = "/do", endpoint = "move_release")]
pub async fn move_release(product: String, version: String, revision: u32) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::move_release(&product, &version, revision).await)
}

/// Lets new releases of a product follow a revision of a playbook.
#[server(prefix = "/do", endpoint = "follow_playbook")]
pub async fn follow_playbook(product: String, playbook: String, revision: u32) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::follow(&product, &playbook, revision).await)
}

mod on_server {
    use super::PlaybookLine;
    use crate::{asking::asking, forms::Accepted, pages::release::release_id};
    use control::{Command, Sight};
    use domain::{
        Refusal,
        playbook::Revision,
        product, release,
        slug::{PlaybookName, ProductSlug},
    };

    pub fn playbooks() -> Result<Vec<PlaybookLine>, Refusal> {
        let asking = asking()?;
        let sight = Sight::of(&asking.control, asking.actor);
        let followed: Vec<&PlaybookName> = sight.products().map(|product| &product.playbook).collect();
        let newest = sight.world.playbooks().filter_map(|(name, published)| Some((name, published.newest()?)));
        let line = |(name, newest): (&PlaybookName, &domain::playbook::Edition)| PlaybookLine {
            name: name.to_string(),
            title: newest.playbook.title.clone(),
            summary: newest.playbook.summary.clone(),
            revision: newest.revision.0,
            products: followed.iter().filter(|other| **other == name).count(),
        };
        Ok(newest.map(line).collect())
    }

    fn playbook(field: &'static str, text: &str) -> Result<PlaybookName, Refusal> {
        let allowed = "1 to 40 of a–z, 0–9, “-” and “_”, beginning with a letter or digit";
        text.trim().parse().map_err(|_| Refusal::invalid(field, format!("“{text}”"), allowed))
    }

    pub async fn copy(from: &str, name: &str) -> Result<(), Refusal> {
        let asking = asking()?;
        asking.administers("copy playbooks")?;
        let (from, to) = (playbook("from", from)?, playbook("name", name)?);
        asking.order(Command::CopyPlaybook { from, to: to.clone() }).await?;
        leptos_axum::redirect(&format!("/admin/playbooks/{to}"));
        Ok(())
    }

    pub async fn move_release(product: &str, version: &str, revision: u32) -> Result<Accepted, Refusal> {
        let (asking, id) = (asking()?, release_id(product, version)?);
        let command = release::Command::Move { revision: Revision(revision) };
        let receipt = asking.order(Command::Release(id, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn follow(product: &str, name: &str, revision: u32) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        asking.administers("choose what a product follows")?;
        let slug: ProductSlug =
            product.parse().map_err(|_| Refusal::invalid("product", format!("“{product}”"), "a product’s name"))?;
        let command = product::Command::Follow { playbook: playbook("playbook", name)?, revision: Revision(revision) };
        let receipt = asking.order(Command::Product(slug, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}
