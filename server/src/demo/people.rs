//! Who plays in the demonstration: one person for each role of its playbooks, called by that role.

use super::story::PRODUCTS;
use control::{Command, Control, Order, World, vault::PrivateWrite};
use domain::{
    access::{Actor, Via},
    person::{self, Grant, Nature, PersonId, Reach},
    slug::RoleId,
};
use uuid::Uuid;

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub role: RoleId,
    pub title: String,
}

/// The same in every demonstration: by their ids it is told from a record of real people.
pub(super) fn id(role: &RoleId) -> PersonId {
    PersonId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("pilothouse demonstration {role}").as_bytes()))
}

/// The record is a finished demonstration.
pub(super) fn is_demonstration(world: &World) -> bool {
    world.person(id(&RoleId::administrator())).is_some()
}

pub(super) fn actor(role: &RoleId) -> Actor {
    Actor::Person(id(role), Via::Session)
}

/// Every role that the playbooks of the demonstration know, once; the administrator last.
pub(super) fn figures(control: &Control) -> Vec<Figure> {
    let world = control.world();
    let mut figures: Vec<Figure> = Vec::new();
    for (_, _, playbook) in PRODUCTS {
        let playbook = playbook.parse().ok().and_then(|name| world.playbook(&name));
        for role in playbook.and_then(|p| p.newest()).into_iter().flat_map(|newest| &newest.playbook.roles) {
            if figures.iter().all(|figure| figure.role != role.id) {
                figures.push(Figure { role: role.id.clone(), title: role.title.clone() });
            }
        }
    }
    figures.push(Figure { role: RoleId::administrator(), title: "Administrator".to_owned() });
    figures
}

pub(super) async fn add(control: &Control, figure: &Figure) -> anyhow::Result<()> {
    let Figure { role, title } = figure;
    let grants = [Grant { reach: Reach::Everywhere, role: role.clone() }].into();
    let command = person::Command::Add { nature: Nature::Human, grants, link_expires_at: None };
    let email = Some(format!("{role}@demo.example"));
    let account = PrivateWrite::PutAccount { person: id(role), name: title.clone(), email };
    control.order(Order::new(Actor::System, Command::Person(id(role), command)).with(account)).await?;
    Ok(())
}
