//! The page around a release.

use super::{
    ReleaseSeed, ReleaseView,
    board::{Board, BoardSections},
    functions::{board, canary, release_id, stages, timeline},
    release_part,
    rollout::{RolloutSection, Stages},
    see_release,
    timeline::{Timeline, Told},
};
use crate::{
    components::{Markup, answered},
    failure::Failure,
    forms::LastForm,
    pages::{
        known_issues::{OfRelease, OfReleaseSection},
        rollout::{Charts, Part, charts},
    },
    part::PartOfPage,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Forms whose answer the page shows where they stand.
const FORMS: [&str; 4] = ["/do/approve", "/do/edit_release", "/do/request_approval", "/do/cancel_release"];

#[component]
pub fn ReleasePage() -> impl IntoView {
    let (product, version) = use_params_map().with_untracked(|params| {
        (params.get("product").unwrap_or_default(), params.get("version").unwrap_or_default())
    });
    let part = use_query_map().with_untracked(|query| Part::named(&query.get("latency").unwrap_or_default()));
    answered(everything(product, version, part), page)
}

type Everything = (ReleaseView, Stages, Option<Charts>, Board, OfRelease, Told);

async fn everything(product: String, version: String, part: Part) -> Result<Everything, Failure> {
    let view = see_release(product.clone(), version.clone()).await?;
    let told = timeline(&product, &version).await?;
    let canary = canary(&product, &version, part).await?;
    let issues = OfRelease::of(release_id(&product, &version)?)?;
    Ok((view, stages(&product, &version)?, canary, board(&product, &version)?, issues, told))
}

fn page((view, stages, canary, board, issues, told): Everything) -> AnyView {
    let title = view.release.id.to_string();
    let address = format!("/{}/releases/{}", view.release.id.product, view.release.id.version);
    let often = canary.as_ref().and_then(Charts::seconds);
    let judged = canary.as_ref().and_then(Charts::judged);
    let canary = canary.and_then(|canary| charts(&canary, &address)).map(Markup::view);
    let last = use_context::<LastForm>().and_then(|last| last.0);
    let flash = last.filter(|flash| FORMS.contains(&flash.path.as_str()));
    let seed = ReleaseSeed { view, flash };
    view! {
        <Title text=title/>
        <PartOfPage seed part=release_part/>
        <RolloutSection stages/>
        <section
            id="charts"
            class="card optional-card"
            data-live="rollout environment"
            data-quiet
            data-again=often
            data-judged=judged
            aria-label="Canary against baseline"
        >
            {canary}
        </section>
        <BoardSections board/>
        <OfReleaseSection issues/>
        <Timeline told/>
    }
    .into_any()
}
