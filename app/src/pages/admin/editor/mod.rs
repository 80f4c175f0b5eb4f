//! The editor of a playbook: its text with numbered lines, what is wrong with it, what it changes, and publishing.

mod check;
mod functions;

pub use functions::{PublishPlaybook, publish_playbook};

use crate::{
    components::{Markup, answered},
    forms::{Form, FormState, LastForm, Submit},
    icons::Icon,
};
use check::{Check, checked};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The server function that the form is for.
pub const PUBLISH: &str = "/do/publish_playbook";
/// So many numbers stand ready for lines that are yet to be written.
const SPARE: usize = 200;

#[component]
pub fn EditorPage() -> impl IntoView {
    let name = use_params_map().with_untracked(|params| params.get("name")).unwrap_or_default();
    // Sent to this page's own address, to be checked or after a refusal: what was typed stays.
    let flash = use_context::<LastForm>().and_then(|last| last.0).filter(|flash| flash.path == PUBLISH);
    let typed = flash.as_ref().and_then(|flash| flash.field("text")).map(|text| text.replace("\r\n", "\n"));
    let reading = async move { crate::failure::answer(checked(&name, typed)) };
    answered(reading, |check| view! { <Page check/> }.into_any())
}

#[component]
fn Page(check: Check) -> impl IntoView {
    let (name, title) = (check.name.clone(), check.title.clone());
    view! {
        <Title text=format!("Edit {name}")/>
        <p class="crumbs">
            <a href="/admin/playbooks">"Playbooks"</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/playbooks/{name}")>{title.clone()}</a>
        </p>
        <h1>"Edit " {title}</h1>
        <p class="lead">
            "Publishing makes a new revision. Open releases stay where they are until somebody moves them. "
            <a href="/api/playbook.schema.json" rel="external">"Schema of the format"</a>
        </p>
        <Form to=PUBLISH about=vec![("name", name)] class="playbook-editor" quiet=true>
            <Editor check/>
        </Form>
    }
}

#[component]
fn Editor(check: Check) -> impl IntoView {
    let state: FormState = expect_context();
    let id = format!("{}-text", state.id);
    let rows = check.text.lines().count() + 5;
    let text = check.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let here = format!("/admin/playbooks/{}", check.name);
    view! {
        <label for=id.clone()>"Text of the playbook, in TOML"</label>
        <p id="check-said" role="status" data-checked="">{check.said()}</p>
        <div class="code-frame">
            {numbers(&check).view()}
            <textarea
                id=id
                name="text"
                class="mono"
                rows=rows
                wrap="off"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                data-check=here.clone()
                aria-describedby="check-said"
                inner_html=format!("\n{text}")
            ></textarea>
        </div>
        <div class="actions">
            <button type="submit" class="button" formaction=here>{Icon::CHECK.view()} <span>"Check"</span></button>
        </div>
        <div id="check" class="stack" data-checked="">{check.shown()}</div>
    }
}

/// The numbers beside the lines; those with a fault stand out.
fn numbers(check: &Check) -> Markup {
    let mut markup =
        Markup::new().html("<pre id=\"numbers\" class=\"numbers\" aria-hidden=\"true\" data-checked=\"\">");
    for line in 1..=check.text.lines().count() + SPARE {
        let wrong = check.faults.iter().any(|fault| fault.line == line);
        markup = markup.html("<span id=\"L").text(line).html("\"").html(if wrong { " class=\"failed\">" } else { ">" });
        markup = markup.text(line).html("\n</span>");
    }
    markup.html("</pre>")
}

/// The button that publishes exactly what was checked.
#[component]
fn Publish(next: u32) -> impl IntoView {
    view! { <div class="actions"><Submit label=format!("Publish revision {next}") icon=Icon::CHECK/></div> }
}
