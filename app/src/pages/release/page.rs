//! The page around a release.

use super::{
    ReleaseSeed, ReleaseView,
    board::{Board, BoardSections},
    functions::{board, stages, timeline},
    release_part,
    rollout::{RolloutSection, Stages},
    see_release,
    timeline::{Timeline, Told},
};
use crate::{components::answered, failure::Failure, forms::LastForm, part::PartOfPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Forms whose answer the page shows where they stand.
const FORMS: [&str; 4] = ["/do/approve", "/do/edit_release", "/do/request_approval", "/do/cancel_release"];

#[component]
pub fn ReleasePage() -> impl IntoView {
    let (product, version) = use_params_map().with_untracked(|params| {
        (params.get("product").unwrap_or_default(), params.get("version").unwrap_or_default())
    });
    answered(everything(product, version), page)
}

async fn everything(product: String, version: String) -> Result<(ReleaseView, Stages, Board, Told), Failure> {
    let view = see_release(product.clone(), version.clone()).await?;
    let told = timeline(&product, &version).await?;
    Ok((view, stages(&product, &version)?, board(&product, &version)?, told))
}

fn page((view, stages, board, told): (ReleaseView, Stages, Board, Told)) -> AnyView {
    let title = view.release.id.to_string();
    let last = use_context::<LastForm>().and_then(|last| last.0);
    let flash = last.filter(|flash| FORMS.contains(&flash.path.as_str()));
    let seed = ReleaseSeed { view, flash };
    view! {
        <Title text=title/>
        <PartOfPage seed part=release_part/>
        <RolloutSection stages/>
        <BoardSections board/>
        <Timeline told/>
    }
    .into_any()
}
