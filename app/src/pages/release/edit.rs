//! Changing a release: its title and artifacts, asking for approval, cancelling.

use super::{artifacts::ArtifactFields, model::ReleaseView};
use crate::{
    forms::{Form, LastForm, Submit, TextField},
    icons::Icon,
};
use domain::{digest::Digest, release::Artifact};
use leptos::prelude::*;

/// The editor, for those who may write. Text under way is kept when the release changes meanwhile.
#[component]
pub fn Editor(view: RwSignal<ReleaseView>) -> impl IntoView {
    let touched = RwSignal::new(false);
    let now = Memo::new(move |_| view.with(|view| view.release.digest.clone()));
    // What the fields began with.
    let base = RwSignal::new(now.get_untracked());
    Effect::new(move |_| {
        let now = now.get();
        if !touched.get() && base.get_untracked() != now {
            base.set(now);
        }
    });
    let done = Callback::new(move |_: String| touched.set(false));
    let overtaken = move || {
        (base.get() != now.get()).then(|| {
            view! {
                <div class="changed">
                    {Icon::TRIANGLE_ALERT.view()}
                    <p>"Somebody has changed this release meanwhile. What you typed is kept."</p>
                    <button type="button" class="button" on:click=move |_| touched.set(false)>"Take the new state"</button>
                </div>
            }
        })
    };
    let form = move || {
        let base = base.get();
        view.with_untracked(|view| fields(view, &base, done))
    };
    let open = was_refused("/do/edit_release", &view.with_untracked(super::about));
    view! {
        <details id="edit" class="card editor" open=open>
            <summary>{Icon::PENCIL.view()} <span>"Edit title and artifacts"</span> {Icon::CHEVRON_DOWN.view()}</summary>
            {overtaken}
            <div id="edit-fields" on:input=move |_| touched.set(true)>{form}</div>
        </details>
    }
}

fn fields(view: &ReleaseView, base: &Digest, done: Callback<String>) -> impl IntoView + use<> {
    let contents = &view.release.contents;
    let (title, artifacts): (String, Vec<Artifact>) = (contents.title.clone(), contents.artifacts.clone());
    let voids = (!view.release.approvals.is_empty()).then(|| {
        let words = "Every decision so far loses its effect when anything changes.";
        view! { <p class="aside">{Icon::TRIANGLE_ALERT.view()} <span>{words}</span></p> }
    });
    let digest = base.to_string();
    view! {
        <Form to="/do/edit_release" about=super::about(view) done>
            <input type="hidden" name="digest" value=digest/>
            <TextField name="title" label="Title" value=title optional=true hint="One line that says what it brings."/>
            <ArtifactFields artifacts/>
            {voids}
            <Submit label="Save changes"/>
        </Form>
    }
}

/// One button: asks everybody whose approval is needed.
#[component]
pub fn AskForApproval(about: Vec<(&'static str, String)>) -> impl IntoView {
    view! {
        <Form to="/do/request_approval" about>
            <Submit label="Ask for approval" icon=Icon::HAND/>
        </Form>
    }
}

/// Withdraws the release for good; its name is typed, because nothing brings it back.
#[component]
pub fn Cancel(view: RwSignal<ReleaseView>) -> impl IntoView {
    let (about, version) = view.with_untracked(|view| (super::about(view), view.release.id.version.to_string()));
    let open = was_refused("/do/cancel_release", &about);
    view! {
        <details class="card editor" open=open>
            <summary>
                {Icon::CIRCLE_SLASH.view()} <span>{format!("Cancel {version}?")}</span> {Icon::CHEVRON_DOWN.view()}
            </summary>
            <p class="hint">
                "It can never be approved or deployed again, and its number is not given to another release."
            </p>
            <Form to="/do/cancel_release" about>
                <TextField name="reason" label="Reason"/>
                <TextField name="typed" label=format!("Type {version} to confirm") autocomplete="off"/>
                <Submit label="Cancel release" class="danger"/>
            </Form>
        </details>
    }
}

/// Whether a browser without scripts comes back to this form with a refusal, which must be in sight then.
fn was_refused(to: &str, about: &[(&'static str, String)]) -> bool {
    let last = use_context::<LastForm>().and_then(|last| last.0);
    last.is_some_and(|flash| flash.refusal.is_some() && flash.is_from(to, about))
}
