//! From an order to the stream and facts it leads to, on the state at the head of the record.

use super::{Command, Order, calendar, playbooks, rollouts};
use crate::world::World;
use domain::{
    Refusal, Timestamp,
    access::{Authority, Permission},
    automation,
    dora::import,
    environment::{self, Environment, EnvironmentId},
    gate,
    journal::{Fact, Stream},
    known_issue::{self, KnownIssueId},
    person::{self, Reach},
    playbook, product,
    release::{self, ReleaseId},
    slug::ProductSlug,
};

/// Where the facts go.
pub(super) struct Decided {
    pub stream: Stream,
    pub facts: Vec<Fact>,
}

pub(super) fn decide(world: &World, order: &Order, now: Timestamp) -> Result<Decided, Refusal> {
    match order.command.clone() {
        Command::Product(slug, command) => {
            let by = world.authority(order.actor, None, now);
            let published = world.playbook(command.playbook()).map(AsRef::as_ref);
            let known: Vec<String> = world.playbooks().map(|(name, _)| name.to_string()).collect();
            let events = product::decide(world.product(&slug).map(AsRef::as_ref), command, &by, published, &known)?;
            Ok(Decided { stream: Stream::Product(slug), facts: events.into_iter().map(Fact::Product).collect() })
        }
        Command::CreateRelease(slug, create) => {
            let by = seen(world, order, &slug, now)?;
            create_release(world, slug, &create, &by)
        }
        Command::Release(id, command) => {
            let by = seen(world, order, &id.product, now)?;
            let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
            let playbook = playbook_of(world, release)?;
            if let release::Command::Decide(decision) = &command {
                match decision.gate {
                    None => drop(release::may_decide(release, &decision.role, &by)?),
                    Some(_) => by.require(Permission::Approve, "approve")?,
                }
                known_environment(playbook, &decision.env)?;
            }
            let events = match command.clone() {
                release::Command::Move { revision } => {
                    let published = world.playbook(&release.contents.playbook).map(AsRef::as_ref);
                    release::move_to(release, revision, published, &by)?
                }
                command => release::decide(release, command, release::Given { by: &by, playbook, now })?,
            };
            // What the system watches is looked at last: everything wrong with the request itself comes first.
            if let release::Command::Mark { list, item, mark } = &command {
                let today = world.today(&id.product, now);
                world.in_scene(release, &today, |scene| gate::may_mark(scene, list, item, mark)).unwrap_or(Ok(()))?;
            }
            Ok(Decided { stream: Stream::Release(id), facts: events.into_iter().map(Fact::Release).collect() })
        }
        Command::Environment(id, command) => {
            let by = seen(world, order, &id.product, now)?;
            let facts = on_environment(world, &id, command, &by, now)?;
            Ok(Decided { stream: Stream::Environment(id), facts })
        }
        Command::StartRollout(wish) => {
            let by = seen(world, order, &wish.place.product, now)?;
            let (stream, facts) = rollouts::start(world, *wish, &by, now)?;
            Ok(Decided { stream, facts })
        }
        Command::Rollout(place, command) => {
            let by = seen(world, order, &place.product, now)?;
            let (stream, facts) = rollouts::steer(world, place, command, &by, now)?;
            Ok(Decided { stream, facts })
        }
        Command::Automation(reach, command) => {
            let by = match &reach {
                Reach::Product(slug) => seen(world, order, slug, now)?,
                Reach::Everywhere => world.authority(order.actor, None, now),
            };
            let events = automation::decide(world.stopped_at(&reach), &reach, command, &by)?;
            let facts = events.into_iter().map(Fact::Automation).collect();
            Ok(Decided { stream: Stream::Automation(reach), facts })
        }
        Command::Import(id, command) => {
            let on = |slug: &ProductSlug| seen(world, order, slug, now).ok();
            let events = import::decide(world.import(id), command, on)?;
            let facts = events.into_iter().map(Fact::Import).collect();
            Ok(Decided { stream: Stream::Import(id), facts })
        }
        Command::Person(id, command) => {
            let by = world.authority(order.actor, None, now);
            known_roles(world, &command)?;
            let others =
                person::Others { last_administrator: world.is_last_administrator(id), anybody: world.anybody() };
            let events = person::decide(id, world.person(id).map(AsRef::as_ref), command, &by, others, now)?;
            Ok(Decided { stream: Stream::Person(id), facts: events.into_iter().map(Fact::Person).collect() })
        }
        Command::PublishPlaybook(name, text) => playbooks::publish(world, order, name, &text, None, now),
        Command::RevisePlaybook { name, text, after } => {
            playbooks::publish(world, order, name, &text, Some(after), now)
        }
        Command::CopyPlaybook { from, to } => playbooks::copy(world, order, &from, to, now),
        Command::Calendar(reach, command) => {
            let by = match &reach {
                Reach::Product(slug) => seen(world, order, slug, now)?,
                Reach::Everywhere => world.authority(order.actor, None, now),
            };
            let events = calendar::decide(world, &by, &reach, command, now)?;
            let facts = events.into_iter().map(Fact::Calendar).collect();
            Ok(Decided { stream: Stream::Calendar(reach), facts })
        }
        Command::KnownIssue(slug, id, command) => {
            let by = seen(world, order, &slug, now)?;
            let facts = on_known_issue(world, &slug, id, command, &by)?;
            Ok(Decided { stream: Stream::KnownIssue(slug, id), facts })
        }
    }
}

/// Numbered and made under the lock: nobody else takes the number meanwhile.
fn create_release(
    world: &World,
    slug: ProductSlug,
    create: &release::Create,
    by: &Authority,
) -> Result<Decided, Refusal> {
    let product = world.product(&slug).ok_or_else(|| Refusal::not_found("product of this name"))?;
    let playbook = world.playbook_of(product).ok_or_else(|| Refusal::not_found("playbook revision of this product"))?;
    by.require(Permission::Author, "create releases")?;
    let taken = |version: &release::Version| {
        world.release(&ReleaseId { product: slug.clone(), version: version.clone() }).is_some()
    };
    let (version, bump) = release::number(create.numbering.clone(), taken, world.highest(&slug))?;
    let events = release::create(product, playbook, create, version.clone(), bump, by)?;
    let stream = Stream::Release(ReleaseId { product: slug, version });
    Ok(Decided { stream, facts: events.into_iter().map(Fact::Release).collect() })
}

/// The authority on a product, which is as good as absent for those who may not see it.
fn seen(world: &World, order: &Order, slug: &ProductSlug, now: Timestamp) -> Result<Authority, Refusal> {
    let by = world.authority(order.actor, Some(slug), now);
    if world.product(slug).is_none() || !by.may(Permission::View) {
        // A token that does not cover viewing still acts on what its person sees.
        let token_only = order.actor.token().is_some() && !by.permissions.is_empty();
        if world.product(slug).is_none() || !token_only {
            return Err(Refusal::not_found(format!("product “{slug}”")));
        }
    }
    Ok(by)
}

fn playbook_of<'a>(world: &'a World, release: &release::Release) -> Result<&'a playbook::Playbook, Refusal> {
    let contents = &release.contents;
    world.playbook_at(&contents.playbook, contents.playbook_revision).ok_or_else(|| {
        Refusal::not_found(format!("revision {} of the playbook {}", contents.playbook_revision, contents.playbook))
    })
}

fn on_known_issue(
    world: &World,
    slug: &ProductSlug,
    id: KnownIssueId,
    command: known_issue::Command,
    by: &Authority,
) -> Result<Vec<Fact>, Refusal> {
    let product = world.product(slug).ok_or_else(|| Refusal::not_found("product of this name"))?;
    let playbook = world.playbook_of(product).ok_or_else(|| Refusal::not_found("playbook revision of this product"))?;
    let given = known_issue::Given { by, product: slug, playbook };
    let events = known_issue::decide(world.known_issue(slug, id).map(AsRef::as_ref), command, given)?;
    Ok(events.into_iter().map(Fact::KnownIssue).collect())
}

/// A deployment is recorded with the gates that stood against it at that moment.
fn on_environment(
    world: &World,
    id: &EnvironmentId,
    command: environment::Command,
    by: &Authority,
    now: Timestamp,
) -> Result<Vec<Fact>, Refusal> {
    let product = world.product(&id.product).ok_or_else(|| Refusal::not_found("product of this name"))?;
    let playbook = world.playbook_of(product).ok_or_else(|| Refusal::not_found("playbook revision of this product"))?;
    known_environment(playbook, &id.env)?;
    let version = match &command {
        environment::Command::Adopt { version } | environment::Command::Report { version, .. } => Some(version.clone()),
        _ => None,
    };
    let release = version.and_then(|version| world.release(&ReleaseId { product: id.product.clone(), version }));
    let today = world.today(&id.product, now);
    let unmet = release
        .and_then(|release| world.in_scene(release, &today, |scene| gate::unmet(scene, &id.env)))
        .unwrap_or_default();
    let unmet: Vec<_> = unmet.into_iter().map(|status| status.id).collect();
    let state = world.environment(id).cloned().unwrap_or_else(|| Environment::new(id.clone()));
    let given = environment::Given { by, known: release.is_some(), unmet: &unmet, triggers: &playbook.triggers };
    let events = environment::decide(&state, command, given)?;
    Ok(events.into_iter().map(Fact::Environment).collect())
}

pub(super) fn known_environment(playbook: &playbook::Playbook, env: &domain::slug::EnvName) -> Result<(), Refusal> {
    if playbook.has_environment(env) {
        return Ok(());
    }
    let known: Vec<&str> = playbook.environments.iter().map(|e| e.name.as_str()).collect();
    Err(Refusal::invalid("env", format!("“{env}”"), format!("one of {}", known.join(", "))))
}

/// A role can be granted only where some playbook knows it.
fn known_roles(world: &World, command: &person::Command) -> Result<(), Refusal> {
    let grants: Vec<&person::Grant> = match command {
        person::Command::Add { grants, .. } => grants.iter().collect(),
        person::Command::GrantRole(grant) => vec![grant],
        _ => Vec::new(),
    };
    for grant in grants {
        if grant.role == domain::slug::RoleId::administrator() {
            continue;
        }
        let mut known: Vec<&str> = match &grant.reach {
            person::Reach::Product(slug) => {
                let product = world.product(slug).ok_or_else(|| {
                    let slugs: Vec<&str> = world.products().take(20).map(|p| p.slug.as_str()).collect();
                    Refusal::invalid("product", format!("“{slug}”"), format!("“*” or one of {}", slugs.join(", ")))
                })?;
                world.playbook_of(product).into_iter().flat_map(|p| p.roles.iter().map(|r| r.id.as_str())).collect()
            }
            person::Reach::Everywhere => world
                .playbooks()
                .flat_map(|(_, published)| published.revisions.iter())
                .flat_map(|edition| edition.playbook.roles.iter().map(|r| r.id.as_str()))
                .collect(),
        };
        if !known.contains(&grant.role.as_str()) {
            known.push("administrator");
            known.sort_unstable();
            known.dedup();
            return Err(Refusal::invalid("role", format!("“{}”", grant.role), format!("one of {}", known.join(", "))));
        }
    }
    Ok(())
}
