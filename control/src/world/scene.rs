//! A release in its surroundings, for the gates.

use super::World;
use domain::{
    Timestamp,
    calendar::{Closure, State},
    environment::EnvironmentId,
    gate::{Almanac, Openings as _, Scene},
    person::Reach,
    playbook::CalendarPart,
    release::{Bump, Release, Version},
    slug::{EnvName, ProductSlug, RoleId},
};

/// The answers of one product's calendar at one moment; many releases share them.
#[derive(Debug)]
pub struct Today<'a> {
    pub now: Timestamp,
    almanac: Almanac<'a>,
}

impl World {
    /// What the calendar of a product says at `now`.
    pub fn today(&self, product: &ProductSlug, now: Timestamp) -> Today<'_> {
        Today { now, almanac: Almanac::new(self.calendar(product)) }
    }

    /// Asks something of a release in its surroundings; nothing when its playbook is gone.
    pub fn in_scene<T>(&self, release: &Release, today: &Today<'_>, ask: impl FnOnce(&Scene<'_>) -> T) -> Option<T> {
        let playbook = self.playbook_at(&release.contents.playbook, release.contents.playbook_revision)?;
        let product = &release.id.product;
        let environments =
            |env: &EnvName| self.environment(&EnvironmentId { product: product.clone(), env: env.clone() });
        let held = |role: &RoleId| self.is_held(product, role);
        let scene = Scene {
            release,
            playbook,
            environments: &environments,
            openings: &today.almanac,
            held: &held,
            now: today.now,
        };
        Some(ask(&scene))
    }

    /// Where a rollback of the release would go.
    pub fn rollback_target(&self, release: &Release) -> Option<&Version> {
        let production = EnvironmentId { product: release.id.product.clone(), env: EnvName::production() };
        self.environment(&production)?.rollback_target(&release.id.version)
    }

    /// When the calendar lets a release of the product's usual type into an environment again; none while it does.
    pub fn next_opening(&self, product: &ProductSlug, env: &EnvName, now: Timestamp) -> Option<Timestamp> {
        const ALL: [CalendarPart; 4] =
            [CalendarPart::Train, CalendarPart::Freeze, CalendarPart::Blackout, CalendarPart::Maintenance];
        match self.lets_in(product, env, &ALL, now)? {
            State::Open => None,
            State::Closed { until, .. } => until,
        }
    }

    /// The freeze or blackout that keeps releases of the usual type out of an environment now.
    pub fn frozen(&self, product: &ProductSlug, env: &EnvName, now: Timestamp) -> Option<Closure> {
        match self.lets_in(product, env, &[CalendarPart::Freeze, CalendarPart::Blackout], now)? {
            State::Open => None,
            State::Closed { by, .. } => by.into_iter().next(),
        }
    }

    fn lets_in(&self, product: &ProductSlug, env: &EnvName, parts: &[CalendarPart], now: Timestamp) -> Option<State> {
        let playbook = self.playbook_of(self.product(product)?)?;
        let kind = playbook.type_for(None, Bump::Minor).or(playbook.types.first())?;
        Some(self.today(product, now).almanac.at(&kind.id, env, parts, None, now))
    }

    /// Whether anybody active holds a role for a product.
    fn is_held(&self, product: &ProductSlug, role: &RoleId) -> bool {
        let reaches = |reach: &Reach| match reach {
            Reach::Everywhere => true,
            Reach::Product(slug) => slug == product,
        };
        self.people().any(|person| {
            person.is_active() && person.grants.iter().any(|grant| &grant.role == role && reaches(&grant.reach))
        })
    }
}
