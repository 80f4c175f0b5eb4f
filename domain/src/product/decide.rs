//! What may be done concerning a product.

use super::{Command, Event, Product};
use crate::{
    Refusal,
    access::{Authority, Permission},
    playbook::{Published, Revision},
    slug::PlaybookName,
    text,
};

/// `published` is the playbook asked for, `known` the names of all playbooks.
pub fn decide(
    state: Option<&Product>,
    command: Command,
    by: &Authority,
    published: Option<&Published>,
    known: &[String],
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Create { name, playbook, repository } => {
            by.require(Permission::Administer, "create products")?;
            let name = text::required("name", &name, 80)?;
            let repository = repository.map(|r| text::required("repository", &r, 400)).transpose()?;
            let newest = published.and_then(Published::newest).ok_or_else(|| unknown(&playbook, known))?;
            if let Some(product) = state {
                return Err(Refusal::conflict(
                    format!("The product “{}” is already there.", product.slug),
                    "a slug not in use",
                    product.slug.to_string(),
                )
                .on("slug"));
            }
            Ok(vec![Event::Created { name, playbook, playbook_revision: newest.revision, repository }])
        }
        Command::Follow { playbook, revision } => {
            by.require(Permission::Administer, "choose what a product follows")?;
            let product = state.ok_or_else(|| Refusal::not_found("product of this name"))?;
            follow(product, playbook, revision, published, known)
        }
    }
}

fn follow(
    product: &Product,
    playbook: PlaybookName,
    revision: Revision,
    published: Option<&Published>,
    known: &[String],
) -> Result<Vec<Event>, Refusal> {
    let published = published.ok_or_else(|| unknown(&playbook, known))?;
    if published.edition(revision).is_none() {
        let allowed = format!("one of {}", published.known());
        return Err(Refusal::invalid("playbook_revision", revision.to_string(), allowed));
    }
    let same = product.playbook == playbook && product.playbook_revision == revision;
    Ok(if same { Vec::new() } else { vec![Event::Followed { playbook, playbook_revision: revision }] })
}

fn unknown(playbook: &PlaybookName, known: &[String]) -> Refusal {
    Refusal::invalid("playbook", format!("“{playbook}”"), format!("one of {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::{Command, Event, Product, decide, evolve};
    use crate::{
        Class, Timestamp,
        access::{Actor, Authority, Permission},
        playbook::{self, Published, Revision},
        slug::ProductSlug,
    };

    fn orca() -> Published {
        let text = include_str!("../../../playbooks/orca.toml");
        let first = playbook::Event::Published { revision: Revision(1), text: text.to_owned() };
        let second = playbook::Event::Published { revision: Revision(2), text: format!("{text}\n# More.\n") };
        [first, second].iter().fold(Published::default(), |state, event| {
            playbook::evolve(state, event, Actor::System, Timestamp::UNIX_EPOCH).expect("sound")
        })
    }

    fn shop(revision: u32) -> Product {
        let slug: ProductSlug = "shop".parse().expect("a slug");
        let created = Event::Created {
            name: "Shop".to_owned(),
            playbook: "orca".parse().expect("a name"),
            playbook_revision: Revision(revision),
            repository: None,
        };
        evolve(&slug, None, &created, Timestamp::UNIX_EPOCH).expect("created")
    }

    fn follow(revision: u32, by: &Authority) -> Result<Vec<Event>, crate::Refusal> {
        let command = Command::Follow { playbook: "orca".parse().expect("a name"), revision: Revision(revision) };
        decide(Some(&shop(1)), command, by, Some(&orca()), &[])
    }

    #[test]
    fn a_product_follows_a_revision_that_is_there() {
        let by = Authority::system();
        let events = follow(2, &by).expect("followed");
        let after = evolve(&shop(1).slug, Some(&shop(1)), &events[0], Timestamp::UNIX_EPOCH).expect("evolved");
        assert_eq!(after, Product { playbook_revision: Revision(2), ..shop(1) });
        assert_eq!(follow(1, &by).expect("nothing to do"), []);
        let refusal = follow(3, &by).expect_err("there is none");
        assert_eq!(refusal.field.as_deref(), Some("playbook_revision"));
        assert!(refusal.detail.contains("one of 1, 2"), "{refusal}");
    }

    #[test]
    fn only_administrators_choose() {
        let mut by = Authority::system();
        by.permissions = [Permission::View, Permission::Author].into();
        assert_eq!(follow(2, &by).expect_err("refused").class, Class::Forbidden);
    }
}
