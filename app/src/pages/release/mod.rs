//! One release: what it is, how it stands, and the decision on it.

mod approval;
mod artifacts;
mod edit;
mod evidence;
mod model;
mod say;
mod stages;
mod verdict;

#[cfg(test)]
mod tests;

#[cfg(not(target_arch = "wasm32"))]
pub mod board;
#[cfg(not(target_arch = "wasm32"))]
mod functions;
#[cfg(not(target_arch = "wasm32"))]
mod page;
#[cfg(not(target_arch = "wasm32"))]
mod rollout;
#[cfg(not(target_arch = "wasm32"))]
mod timeline;

#[cfg(not(target_arch = "wasm32"))]
pub use functions::{
    Approve, ArtifactRow, CancelRelease, EditRelease, RequestApproval, SeeRelease, approve, cancel_release,
    edit_release, release_id, request_approval, see_release,
};
pub use model::{Ahead, Line, ReleaseView, Rights};
#[cfg(not(target_arch = "wasm32"))]
pub use page::ReleasePage;

use crate::{
    components::Badge,
    forms::Flash,
    icons::Icon,
    live::{self, News, Voice},
    part::Seed,
};
use approval::ApprovalCard;
use domain::{access::Permission, journal::Stream};
use edit::{AskForApproval, Cancel, Editor};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use verdict::{Act, Verdict, verdict};

/// What the page of a release is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseSeed {
    pub view: ReleaseView,
    /// What was said about the last form, if it was one of this page.
    pub flash: Option<Flash>,
}

impl Seed for ReleaseSeed {
    const NAME: &str = "release";
}

/// The part, the same on both sides.
pub fn release_part(seed: ReleaseSeed) -> AnyView {
    view! { <Page view=seed.view/> }.into_any()
}

#[component]
fn Page(view: ReleaseView) -> impl IntoView {
    let product = view.release.id.product.clone();
    let (name, version) = (view.product_name.clone(), view.release.id.version.to_string());
    let author = view.rights.permissions.contains(&Permission::Author);
    let view = RwSignal::new(view);
    keep_up(view);
    let standing = Memo::new(move |_| view.with(ReleaseView::standing));
    let lead = Memo::new(move |_| view.with(|view| view.release.contents.title.clone()));
    let open = Memo::new(move |_| view.with(|view| view.release.is_open()));
    view! {
        <div class="release-head">
            <p class="crumbs">
                <a href="/releases">"Releases"</a> {Icon::CHEVRON_RIGHT.view()}
                <a href=format!("/releases?product={product}")>{name.clone()}</a>
            </p>
            <h1><span>{name}</span> <code>{version}</code> {move || view! { <Badge standing=standing.get()/> }}</h1>
            <p class="lead">{move || lead.get()}</p>
        </div>
        <Sentence view/>
        {move || view.with(stages::stages).view()}
        <div class="columns">
            <div class="stack wide">
                <ApprovalCard view/>
            </div>
            <div class="stack">
                <section class="card" aria-labelledby="facts-title">
                    <h2 id="facts-title">"Facts"</h2>
                    {move || view.with(evidence::facts).view()}
                </section>
                {move || (author && open.get()).then(|| view! { <Editor view/> <Cancel view/> })}
            </div>
        </div>
    }
}

/// How it stands and what comes next.
#[component]
fn Sentence(view: RwSignal<ReleaseView>) -> impl IntoView {
    let verdict = Memo::new(move |_| view.with(verdict));
    let standing = Memo::new(move |_| view.with(ReleaseView::standing));
    let act = move || {
        verdict.with(|verdict| verdict.act).map(|act| match act {
            Act::AskForApproval => view! { <AskForApproval about=view.with_untracked(about)/> }.into_any(),
            Act::Decide => view! { <a class="button" href="#approval">"Look and decide"</a> }.into_any(),
            // The browser opens what is folded around the place it goes to.
            Act::Edit => view! { <a class="button" href="#edit-fields">"Edit"</a> }.into_any(),
        })
    };
    view! {
        <section class=move || format!("verdict {}", verdict.with(|v| v.tone.class())) aria-label="How it stands">
            {move || standing.get().icon().view()}
            <div class="says">
                <p class="sentence">{move || verdict.with(|Verdict { sentence, .. }| sentence.clone())}</p>
                <p class="next">{move || verdict.with(|Verdict { next, .. }| next.clone())}</p>
            </div>
            {act}
        </section>
    }
}

/// What names the release in a form.
fn about(view: &ReleaseView) -> Vec<(&'static str, String)> {
    let id = &view.release.id;
    vec![("product", id.product.to_string()), ("version", id.version.to_string())]
}

/// Applies what happens to this release with the code that decides; reads anew where that cannot be done.
fn keep_up(view: RwSignal<ReleaseView>) {
    let id = view.with_untracked(|view| view.release.id.clone());
    let stream = Stream::Release(id).to_string();
    let voice = expect_context::<Voice>();
    live::follow(move |news| {
        let applied = match news {
            News::Again => false,
            News::Fact(heard) if heard.stream == stream => {
                let said = view.try_update(|view| view.apply(heard)).flatten();
                let applied = said.is_some();
                if let Some(sentence) = said {
                    voice.say(sentence);
                }
                applied
            }
            News::Fact(_) | News::Look(_) => true,
        };
        if !applied {
            read_again(view);
        }
    });
    // What is ahead of it follows from more than the release: asked for anew, now and then.
    live::follow_gently("release environment calendar rollout", move || read_again(view));
}

#[cfg(target_arch = "wasm32")]
fn read_again(view: RwSignal<ReleaseView>) {
    let id = view.with_untracked(|view| view.release.id.clone());
    // A `+` in a version would be read as a blank.
    let version = id.version.to_string().replace('+', "%2B");
    let address = format!("/see/release?product={}&version={version}", id.product);
    leptos::task::spawn_local(async move {
        let fresh = crate::browser::ask(&address).await.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(fresh) = fresh {
            view.try_set(fresh);
        }
    });
}

#[cfg(not(target_arch = "wasm32"))]
fn read_again(_: RwSignal<ReleaseView>) {}
