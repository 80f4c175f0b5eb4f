//! The rows for artifacts: a name and a digest each. Without scripts some rows are empty; with scripts there are more.

use crate::{
    forms::{Against, FormState},
    icons::Icon,
};
use domain::{Refusal, release::Artifact};
use leptos::prelude::*;

/// How many empty rows there are to begin with.
const SPARE: usize = 2;

#[component]
pub fn ArtifactFields(artifacts: Vec<Artifact>) -> impl IntoView {
    let state: FormState = expect_context();
    state.register("artifacts");
    // Rows that were sent without scripts and refused are filled again.
    let sent = (0..200).take_while(|n| state.sent(&field(*n, "name")).is_some()).count();
    let count = RwSignal::new(sent.max(artifacts.len() + SPARE));
    let rows = {
        let state = state.clone();
        move |n: usize| {
            let artifact = artifacts.get(n).cloned();
            let (name, digest) = artifact.map(|a| (a.name, a.digest)).unwrap_or_default();
            view! {
                <div class="artifact-row" role="group" aria-label=format!("Artifact {}", n + 1)>
                    <Cell state=state.clone() n part="name" label="Name" value=name/>
                    <Cell state=state.clone() n part="digest" label="Digest, such as sha256:…" value=digest/>
                </div>
            }
        }
    };
    let against = {
        let state = state.clone();
        move || state.against("artifacts").map(|refusal| view! { <Against refusal=named(refusal)/> })
    };
    view! {
        <fieldset class="field">
            <legend>"Artifacts"</legend>
            <p class="hint" id="artifacts-hint">"Rows left empty are taken out."</p>
            <div class="artifact-rows">
                <For each=move || 0..count.get() key=|n| *n children=rows/>
            </div>
            <div class="against" id="artifacts-error">{against}</div>
            <p class="live-only">
                <button type="button" class="button small" on:click=move |_| count.update(|count| *count += 1)>
                    {Icon::PLUS.view()} <span>"Another artifact"</span>
                </button>
            </p>
        </fieldset>
    }
}

#[component]
fn Cell(state: FormState, n: usize, part: &'static str, label: &'static str, value: String) -> impl IntoView {
    let name = field(n, part);
    let id = format!("{}-artifact-{n}-{part}", state.id);
    let value = state.refill(&name, value);
    let place = format!("artifacts[{n}].{part}");
    let wrong =
        move || state.refusal.with(|refusal| refusal.as_ref().is_some_and(|r| r.field.as_ref() == Some(&place)));
    let class = if part == "digest" { "input mono" } else { "input" };
    view! {
        <div>
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                class=class
                value=value
                autocomplete="off"
                spellcheck="false"
                aria-describedby="artifacts-hint artifacts-error"
                aria-invalid=move || wrong().then_some("true")
            />
        </div>
    }
}

fn field(n: usize, part: &str) -> String {
    format!("artifacts[{n}][{part}]")
}

/// “Artifact 2” instead of `artifacts[1]`.
fn named(refusal: Refusal) -> Refusal {
    let place = refusal.field.as_deref().and_then(|field| {
        let (n, part) = field.strip_prefix("artifacts[")?.split_once("].")?;
        Some((n.parse::<usize>().ok()? + 1, part.to_owned()))
    });
    match (place, &refusal.found) {
        (Some((n, part)), Some(found)) => {
            Refusal { found: Some(format!("{found} as {part} of artifact {n}")), ..refusal }
        }
        _ => refusal,
    }
}
