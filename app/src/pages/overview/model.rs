//! What Overview shows, and the server function that gathers it.

use crate::{components::Standing, failure::Failure};
use domain::{
    Timestamp,
    playbook::Percent,
    release::Version,
    rollout::{self, RolloutId},
    slug::{EnvName, ProductSlug, RoleId},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The oldest first.
    pub waiting: Vec<WaitingRow>,
    pub waiting_count: usize,
    /// Rollouts under way: those that wait for somebody first.
    pub live: Vec<LiveRow>,
    pub live_count: usize,
    pub changes: Vec<ChangeRow>,
    pub products: Vec<ProductRow>,
    pub more_products: bool,
    pub may_author: bool,
    pub may_administer: bool,
    /// For whoever administers, until all of it is done.
    pub start: Option<FirstSteps>,
}

/// What an installation needs to begin with, as far as it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstSteps {
    /// The first product by name.
    pub product: Option<ProductSlug>,
    /// In the order in which they stand: the repository of a product is known; something moves an environment; somebody
    /// active may approve; there is a release.
    pub done: [bool; 4],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRow {
    pub product: ProductSlug,
    pub version: Version,
    pub title: String,
    pub role: RoleId,
    /// The gate whose question it is, by its place on the release's page; none for the approval itself.
    pub gate: Option<String>,
    pub since: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveRow {
    pub id: RolloutId,
    pub product: ProductSlug,
    pub version: Version,
    pub env: EnvName,
    pub state: rollout::State,
    pub weight: Percent,
    /// Steps behind it, of all.
    pub done: usize,
    pub all: usize,
    pub since: Timestamp,
    /// Nothing goes on until somebody acts.
    pub waits: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    pub product: ProductSlug,
    pub version: Version,
    pub title: String,
    pub standing: Standing,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    pub slug: ProductSlug,
    pub name: String,
    pub newest: Option<(Version, Standing)>,
}

#[server(prefix = "/see", endpoint = "overview", input = GetUrl)]
pub async fn see_overview() -> Result<Overview, Failure> {
    crate::failure::answer(on_server::overview())
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{ChangeRow, FirstSteps, LiveRow, Overview, ProductRow, WaitingRow};
    use crate::{
        asking::asking,
        components::Standing,
        pages::rollout::{progress, waits},
        session::Demo,
    };
    use control::{Sight, sight::Waiting};
    use domain::{
        Refusal,
        access::{Actor, Permission, Via},
        person::Person,
        product::Product,
        release::{Release, State},
        rollout::Rollout,
    };
    use leptos::prelude::use_context;

    const ROWS: usize = 10;
    const PRODUCTS: usize = 12;

    pub fn overview() -> Result<Overview, Refusal> {
        let asking = asking()?;
        let sight = Sight::of(&asking.control, asking.actor);
        let administers = sight.world.authority(asking.actor, None, sight.now).may(Permission::Administer);
        let demo = use_context::<Demo>().is_some_and(|demo| demo.0);
        Ok(Overview::of(&sight, sight.waiting(), administers, demo))
    }

    impl Overview {
        pub(crate) fn of(sight: &Sight, waiting: Vec<Waiting<'_>>, may_administer: bool, demo: bool) -> Self {
            let mut products: Vec<_> = sight.products().take(PRODUCTS + 1).cloned().collect();
            let more_products = products.len() > PRODUCTS;
            products.truncate(PRODUCTS);
            let (live, live_count) = under_way(sight);
            Self {
                live,
                live_count,
                waiting_count: waiting.len(),
                waiting: waiting
                    .into_iter()
                    .take(ROWS)
                    .map(|w| WaitingRow {
                        product: w.release.id.product.clone(),
                        version: w.release.id.version.clone(),
                        title: w.release.contents.title.clone(),
                        role: w.role,
                        gate: w.gate.map(|(gate, env)| format!("{env}-{gate}")),
                        since: w.since,
                    })
                    .collect(),
                changes: sight.changes().take(ROWS).map(|release| change(sight, release)).collect(),
                may_author: products.iter().any(|p| sight.rights(&p.slug).may(Permission::Author)),
                may_administer,
                start: (may_administer && !demo).then(|| FirstSteps::of(sight)).flatten(),
                products: products
                    .into_iter()
                    .map(|p| ProductRow {
                        newest: sight
                            .world
                            .releases_of(&p.slug)
                            .find(|r| r.state() != State::Cancelled)
                            .map(|r| (r.id.version.clone(), Standing::of(r, sight.world.release_state(r)))),
                        slug: p.slug.clone(),
                        name: p.name.clone(),
                    })
                    .collect(),
                more_products,
            }
        }
    }

    impl FirstSteps {
        /// None once all is done, or a version runs: whoever has that has started, one way or another.
        fn of(sight: &Sight) -> Option<Self> {
            let world = &sight.world;
            if world.environments().any(|environment| environment.running().is_some()) {
                return None;
            }
            let approves = |person: &Person| {
                let actor = Actor::Person(person.id, Via::Session);
                let may =
                    |product: &Product| world.authority(actor, Some(&product.slug), sight.now).may(Permission::Approve);
                person.is_active() && world.products().any(|product| may(product))
            };
            let done = [
                world.products().any(|product| product.repository.is_some()),
                world.environments().any(|environment| environment.connection.is_some()),
                world.people().any(|person| approves(person)),
                world.release_count() > 0,
            ];
            let product = world.products().next().map(|product| product.slug.clone());
            done.contains(&false).then_some(Self { product, done })
        }
    }

    fn under_way(sight: &Sight) -> (Vec<LiveRow>, usize) {
        let seen = sight.world.under_way().filter(|rollout| sight.sees(&rollout.place.product));
        let mut seen: Vec<(bool, &Rollout)> = seen.map(|rollout| (waits(rollout, sight.now), rollout)).collect();
        seen.sort_by_key(|(waits, rollout)| (!waits, rollout.started_at, rollout.id));
        let rows = seen.iter().take(ROWS).map(|(waits, rollout)| {
            let (done, all) = progress(rollout);
            LiveRow {
                id: rollout.id,
                product: rollout.place.product.clone(),
                version: rollout.version.clone(),
                env: rollout.place.env.clone(),
                state: rollout.state(),
                weight: rollout.actual.unwrap_or_else(|| rollout.desired()),
                done,
                all,
                since: rollout.started_at,
                waits: *waits,
            }
        });
        (rows.collect(), seen.len())
    }

    fn change(sight: &Sight, release: &Release) -> ChangeRow {
        ChangeRow {
            product: release.id.product.clone(),
            version: release.id.version.clone(),
            title: release.contents.title.clone(),
            standing: Standing::of(release, sight.world.release_state(release)),
            at: release.changed_at,
        }
    }
}
