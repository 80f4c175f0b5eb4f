//! Orders concerning the calendar, held against what the world knows: zones, playbooks, people.

use crate::world::World;
use domain::{
    Refusal, Timestamp,
    access::Authority,
    calendar::{Calendar, Roster, Rule, Types, about_rule},
    person::{PersonId, Reach},
    playbook::Playbook,
    slug::{EnvName, RoleId, TypeId},
    window::{self, Event},
};
use std::collections::BTreeSet;

pub(super) fn decide(
    world: &World,
    by: &Authority,
    reach: &Reach,
    command: window::Command,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let state = world.windows(reach).map(|w| window::Windows::clone(w)).unwrap_or_default();
    let events = window::decide(&state, reach, command, by, |rule| fits(world, reach, rule))?;
    for event in &events {
        match event {
            Event::RotationSet { rotation } => {
                Roster::new(rotation.clone())?;
                let role = rotation.id().as_str();
                known_role(world, reach, role)?;
                let draft = rotation.draft();
                let people = draft.members.iter().map(|p| ("members", *p));
                let stand_ins = draft.overrides.iter().map(|o| ("overrides", o.holder));
                people.chain(stand_ins).try_for_each(|(field, p)| holds(world, reach, role, field, p, now))?;
            }
            Event::TurnOverridden { rotation, turn, .. } => {
                holds(world, reach, rotation.as_str(), "holder", turn.holder, now)?;
            }
            Event::RuleSaved { .. } | Event::RuleRemoved { .. } => {}
        }
    }
    Ok(events)
}

/// The playbooks whose names a rule or a rotation may use.
fn playbooks<'a>(world: &'a World, reach: &Reach) -> Vec<&'a Playbook> {
    match reach {
        Reach::Product(slug) => world.product(slug).and_then(|p| world.playbook_of(p)).into_iter().collect(),
        Reach::Everywhere => world
            .playbooks()
            .filter_map(|(_, published)| published.newest())
            .map(|newest| newest.playbook.as_ref())
            .collect(),
    }
}

/// Whether the rule happens, in a zone that exists, for types and environments that exist, under an id of its own.
fn fits(world: &World, reach: &Reach, rule: &Rule) -> Result<(), Refusal> {
    if let Err(refusals) = Calendar::new([rule.clone()]) {
        let first = refusals.into_iter().next().unwrap_or_else(|| Refusal::invalid("rule", "nothing", "a rule"));
        return Err(about_rule(first, rule.id()));
    }
    let playbooks = playbooks(world, reach);
    let envs: BTreeSet<&EnvName> = playbooks.iter().flat_map(|p| p.environments.iter().map(|e| &e.name)).collect();
    let types: BTreeSet<&TypeId> = playbooks.iter().flat_map(|p| p.types.iter().map(|t| &t.id)).collect();
    let refuse = |field: &str, found: &str, known: Vec<&str>| {
        Err(Refusal::invalid(field, format!("“{found}”"), format!("one of {}", known.join(", "))))
    };
    if let Some(env) = rule.scope().envs().iter().find(|env| !envs.contains(env)) {
        return refuse("envs", env.as_str(), envs.iter().map(|e| e.as_str()).collect());
    }
    let (field, named) = match rule.scope().types() {
        Types::All => ("types", None),
        Types::Only(only) => ("types", Some(only)),
        Types::Except(except) => ("except_types", Some(except)),
    };
    if let Some(kind) = named.into_iter().flatten().find(|kind| !types.contains(kind)) {
        return refuse(field, kind.as_str(), types.iter().map(|t| t.as_str()).collect());
    }
    let own = world.windows(reach).is_some_and(|w| w.rules.contains_key(rule.id()));
    let taken = match reach {
        Reach::Product(slug) => world.calendar_of(slug).rule(rule.id()).is_some(),
        Reach::Everywhere => world.products().any(|p| world.calendar_of(&p.slug).rule(rule.id()).is_some()),
    };
    if taken && !own {
        return Err(Refusal::conflict(
            format!("Another rule of the calendar bears the id “{}”.", rule.id()),
            "an id not in use",
            rule.id().to_string(),
        )
        .on("id"));
    }
    Ok(())
}

fn known_role(world: &World, reach: &Reach, role: &str) -> Result<(), Refusal> {
    let playbooks = playbooks(world, reach);
    let known: BTreeSet<&str> = playbooks.iter().flat_map(|p| p.roles.iter().map(|r| r.id.as_str())).collect();
    if known.contains(role) {
        return Ok(());
    }
    let allowed = format!("one of {}", known.into_iter().collect::<Vec<_>>().join(", "));
    Err(Refusal::invalid("role", format!("“{role}”"), allowed))
}

/// Who takes turns holds the role, in their own right or for someone absent.
fn holds(
    world: &World,
    reach: &Reach,
    role: &str,
    field: &str,
    person: PersonId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let here = |r: &Reach| r == &Reach::Everywhere || r == reach;
    let active = world.person(person).is_some_and(|p| p.is_active());
    if active && world.grants(person, now).any(|grant| grant.role.as_str() == role && here(&grant.reach)) {
        return Ok(());
    }
    let words = role.parse::<RoleId>().map_or_else(|_| role.to_owned(), |r| r.words());
    Err(Refusal::invalid(field, person.to_string(), format!("people who hold the role {words} here")))
}
