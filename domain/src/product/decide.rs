//! What may be done concerning a product.

use super::{Command, Event, Product};
use crate::{
    Refusal,
    access::{Authority, Permission},
    playbook::Revision,
    text,
};

/// `revision` is the newest of the playbook asked for, `known` the names of all playbooks.
pub fn decide(
    state: Option<&Product>,
    command: Command,
    by: &Authority,
    revision: Option<Revision>,
    known: &[String],
) -> Result<Vec<Event>, Refusal> {
    let Command::Create { name, playbook, repository } = command;
    by.require(Permission::Administer, "create products")?;
    let name = text::required("name", &name, 80)?;
    let repository = repository.map(|r| text::required("repository", &r, 400)).transpose()?;
    let Some(playbook_revision) = revision else {
        return Err(Refusal::invalid("playbook", format!("“{playbook}”"), format!("one of {}", known.join(", "))));
    };
    if let Some(product) = state {
        return Err(Refusal::conflict(
            format!("The product “{}” is already there.", product.slug),
            "a slug not in use",
            product.slug.to_string(),
        )
        .on("slug"));
    }
    Ok(vec![Event::Created { name, playbook, playbook_revision, repository }])
}
