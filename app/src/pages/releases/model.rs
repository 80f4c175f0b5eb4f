//! What the list of releases shows, and the server function that gathers it.

use crate::{components::Standing, failure::Failure};
use domain::{Timestamp, release::Version, slug::ProductSlug};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseList {
    /// The last changed first.
    pub rows: Vec<ReleaseRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// Slug and name of the products to filter by.
    pub products: Vec<(String, String)>,
    pub may_author: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRow {
    pub product: ProductSlug,
    pub product_name: String,
    pub version: Version,
    pub title: String,
    pub kind: String,
    pub standing: Standing,
    /// What is in the way of its next environment.
    pub blocked_by: String,
    pub author: String,
    pub changed: Timestamp,
}

#[server(prefix = "/see", endpoint = "releases", input = GetUrl)]
pub async fn see_releases(
    #[server(default)] product: String,
    #[server(default)] state: String,
    #[server(default)] q: String,
    #[server(default)] cursor: String,
) -> Result<ReleaseList, Failure> {
    crate::failure::answer(on_server::list(&product, &state, &q, &cursor))
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{ReleaseList, ReleaseRow};
    use crate::{
        asking::{Asking, asking},
        components::Standing,
    };
    use control::Sight;
    use domain::{
        Refusal,
        access::Permission,
        gate,
        journal::Seq,
        release::{Release, State},
        slug::ProductSlug,
    };

    const ROWS: usize = 50;
    const PRODUCTS: usize = 500;

    pub fn list(product: &str, state: &str, q: &str, cursor: &str) -> Result<ReleaseList, Refusal> {
        let asking = asking()?;
        let product = given(product).map(str::parse::<ProductSlug>).transpose();
        let product = product.map_err(|e| Refusal::invalid("product", format!("“{}”", e.found), "a product’s name"))?;
        let state = given(state).map(known_state).transpose()?;
        let before = given(cursor).map(str::parse::<Seq>).transpose();
        let before = before.map_err(|_| Refusal::invalid("cursor", format!("“{cursor}”"), "what “Older” leads to"))?;
        let words = q.trim().to_lowercase();
        let sight = Sight::of(&asking.control, asking.actor);
        let fits = |release: &Release| {
            product.as_ref().is_none_or(|p| p == &release.id.product)
                && state.is_none_or(|s| s == sight.world.release_state(release))
                && (words.is_empty() || mentions(release, &words))
        };
        let mut found: Vec<(Seq, &Release)> =
            sight.changes_before(before).filter(|(_, release)| fits(release)).take(ROWS + 1).collect();
        let more = found.len() > ROWS;
        found.truncate(ROWS);
        let next = found.last().filter(|_| more).map(|(seq, _)| seq.to_string());
        let products: Vec<_> = sight.products().take(PRODUCTS).map(|p| (p.slug.to_string(), p.name.clone())).collect();
        let may_author = sight.products().any(|p| sight.rights(&p.slug).may(Permission::Author));
        let rows = found.iter().map(|(_, release)| row(&asking, &sight, release)).collect();
        Ok(ReleaseList { rows, next, products, may_author })
    }

    fn given(text: &str) -> Option<&str> {
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    fn known_state(name: &str) -> Result<State, Refusal> {
        State::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| {
            let known = State::ALL.map(State::name).join(", ");
            Refusal::invalid("state", format!("“{name}”"), format!("one of {known}"))
        })
    }

    fn mentions(release: &Release, words: &str) -> bool {
        release.contents.title.to_lowercase().contains(words) || release.id.to_string().contains(words)
    }

    /// The gates that are not met before the next environment of a release that somebody wants to go there.
    fn blocked_by(sight: &Sight, release: &Release) -> Option<String> {
        if !matches!(sight.world.release_state(release), State::Candidate | State::Approved) {
            return None;
        }
        let today = sight.world.today(&release.id.product, sight.now);
        sight.world.in_scene(release, &today, |scene| {
            let env = gate::next_environment(scene)?;
            let unmet = gate::unmet(scene, env);
            let first = unmet.first()?.title.clone();
            Some(match unmet.len() {
                1 => format!("Before {env}, not yet: {first}"),
                n => format!("Before {env}, not yet: {first}, and {} more", n - 1),
            })
        })?
    }

    fn row(asking: &Asking, sight: &Sight, release: &Release) -> ReleaseRow {
        let name = sight.world.product(&release.id.product).map(|p| p.name.clone());
        ReleaseRow {
            product: release.id.product.clone(),
            product_name: name.unwrap_or_else(|| release.id.product.to_string()),
            version: release.id.version.clone(),
            title: release.contents.title.clone(),
            kind: release.contents.kind.to_string(),
            standing: Standing::of(release, sight.world.release_state(release)),
            blocked_by: blocked_by(sight, release).unwrap_or_default(),
            author: release.created_by.map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id)),
            changed: release.changed_at,
        }
    }
}
