//! The form of a connection, of a driver or of a monitor, made from what it says of its fields; and what its test found.

use super::words;
use crate::{
    components::Markup,
    forms::{Against, Flash, Form, FormState, LastForm, Submit},
    icons::Icon,
};
use control::driver::{Field, FieldKind, Settings};
use leptos::prelude::*;

/// What is kept of the same kind.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub settings: Settings,
    /// Names of secrets.
    pub secrets: Vec<String>,
}

#[component]
pub(super) fn ConnectionForm(
    /// The server function.
    to: &'static str,
    about: Vec<(&'static str, String)>,
    id: String,
    summary: String,
    fields: &'static [Field],
    own: Option<Own>,
    /// Fields that stand below.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let last = use_context::<LastForm>().and_then(|last| last.0).filter(|flash| flash.is_from(to, &about));
    let found = last.as_ref().and_then(findings).map(Markup::view);
    // Only somebody who has seen what the test says is offered to pass over it.
    let failed = last.as_ref().is_some_and(|flash| match (&flash.refusal, &flash.notice) {
        (Some(refusal), _) => refusal.field.is_none(),
        (None, Some(notice)) => notice.text.lines().any(|line| line.starts_with('-')),
        (None, None) => false,
    });
    let open = own.is_none() || last.is_some();
    view! {
        <details class="fold" id=id open=open>
            <summary>{Icon::SETTINGS.view()} {summary}</summary>
            {found}
            <Form to about class="settings-form">
                {fields.iter().map(|field| {
                    let value = words::written(own.as_ref().and_then(|own| own.settings.get(field.name)));
                    let kept = own.as_ref().is_some_and(|own| own.secrets.iter().any(|name| name == field.name));
                    view! { <Setting field=*field value kept/> }
                }).collect::<Vec<_>>()}
                {children.map(|children| children())}
                <div class="actions">
                    <Submit label="Test" name="act" value="test" class="" icon=Icon::SEARCH/>
                    <Submit label="Save" name="act" value="save" icon=Icon::CHECK/>
                    {failed.then(|| view! { <Submit label="Save anyway" name="act" value="anyway" class="danger"/> })}
                </div>
                <p class="hint">"Saving tests it first, and keeps it only when all is well."</p>
            </Form>
        </details>
    }
}

/// What the last test of this form said, line by line. One `<div>`.
pub(super) fn findings(flash: &Flash) -> Option<Markup> {
    let notice = flash.notice.as_ref()?;
    let markup = Markup::new().html("<div class=\"findings\" role=\"status\"><p><b>").text(&notice.title);
    let markup = markup.html("</b></p><ul>").each(notice.text.lines(), |markup, line| {
        let good = line.starts_with('+');
        let markup = markup.html(if good { "<li class=\"finding passed\">" } else { "<li class=\"finding failed\">" });
        let markup = markup.icon(if good { Icon::CIRCLE_CHECK } else { Icon::OCTAGON_X });
        let word = if good { "good: " } else { "bad: " };
        markup
            .html("<span><span class=\"sr\">")
            .html(word)
            .html("</span>")
            .text(line.get(1..).unwrap_or_default())
            .html("</span></li>")
    });
    Some(markup.html("</ul></div>"))
}

/// One field as it is described.
#[component]
fn Setting(field: Field, value: String, kept: bool) -> impl IntoView {
    let state: FormState = expect_context();
    state.register(field.name);
    let secret = field.kind == FieldKind::Secret;
    let name = if secret { format!("password[{}]", field.name) } else { format!("set[{}]", field.name) };
    let id = format!("{}-set-{}", state.id, field.name);
    let hint = format!("{id}-hint");
    let described = format!("{hint} {id}-error");
    let value = state.sent(&name).map_or(value, str::to_owned);
    let wrong = state.against(field.name);
    let invalid = wrong.is_some().then_some("true");
    let against = wrong.map(|refusal| view! { <Against refusal/> });
    let error = format!("{id}-error");
    let mut help = field.help.to_owned();
    if secret {
        let stop = if help.ends_with('.') { "" } else { "." };
        let words = if kept { "It is set; leave it empty to keep it." } else { "It is never shown again." };
        help = format!("{help}{stop} {words}");
    }
    let optional = !field.required;
    let (input_id, label_id) = (id.clone(), id);
    let input = match field.kind {
        FieldKind::Text | FieldKind::Number => {
            let mode = (field.kind == FieldKind::Number).then_some("decimal");
            view! { <input id=input_id name=name type="text" inputmode=mode value=value aria-describedby=described aria-invalid=invalid/> }.into_any()
        }
        FieldKind::Secret => view! {
            <input id=input_id name=name type="password" autocomplete="new-password" aria-describedby=described aria-invalid=invalid/>
        }
        .into_any(),
        FieldKind::Argv | FieldKind::Pairs => {
            // The parser drops a line break that stands first.
            let text = Markup::new().text(value).into_string();
            view! { <textarea id=input_id name=name rows="4" aria-describedby=described aria-invalid=invalid inner_html=text></textarea> }.into_any()
        }
        FieldKind::Switch => {
            let checked = value == "yes";
            return view! {
                <div class="field">
                    <label class="check">
                        <input id=input_id name=name type="checkbox" value="yes" checked=checked aria-describedby=described/>
                        <span>{field.title}</span>
                    </label>
                    <p class="hint" id=hint>{help}</p>
                    <div class="against" id=error>{against}</div>
                </div>
            }
            .into_any();
        }
        FieldKind::Choice(words) => {
            let options: Vec<_> = words
                .iter()
                .map(|word| {
                    let selected = value == *word;
                    view! { <option value=*word selected=selected>{*word}</option> }
                })
                .collect();
            let empty = optional.then(|| view! { <option value="">"–"</option> });
            view! { <select id=input_id name=name aria-describedby=described aria-invalid=invalid>{empty}{options}</select> }.into_any()
        }
    };
    view! {
        <div class="field">
            <label for=label_id>
                {field.title} {optional.then(|| view! { <span class="optional">" optional"</span> })}
            </label>
            <p class="hint" id=hint>{help}</p>
            {input}
            <div class="against" id=error>{against}</div>
        </div>
    }
    .into_any()
}
