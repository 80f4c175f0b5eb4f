//! Fields: a label, an input that is filled again after a refusal, and the place for what is said against it.

use super::{FormState, Phase};
use crate::icons::Icon;
use domain::Refusal;
use leptos::prelude::*;

fn state() -> FormState {
    expect_context()
}

/// One line of text.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let state = state();
    let frame = Frame::new(&state, name, label, hint, optional);
    let value = if kind == "password" { String::new() } else { state.refill(name, value) };
    let (id, described, wrong) = (frame.id.clone(), frame.described(), frame.wrong());
    frame.around(
        view! {
            <input
                id=id
                name=name
                type=kind
                value=value
                required=!optional
                autocomplete=autocomplete
                aria-describedby=described
                aria-invalid=move || wrong().then_some("true")
            />
        }
        .into_any(),
    )
}

/// Several lines of text.
#[component]
pub fn TextArea(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] optional: bool,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let state = state();
    let frame = Frame::new(&state, name, label, hint, optional);
    let text = escaped(&state.refill(name, value));
    let (id, described, wrong) = (frame.id.clone(), frame.described(), frame.wrong());
    frame.around(
        view! {
            <textarea
                id=id
                name=name
                rows=rows
                class:mono=mono
                aria-describedby=described
                aria-invalid=move || wrong().then_some("true")
                inner_html=text
            ></textarea>
        }
        .into_any(),
    )
}

/// One of several, as (value, words).
#[component]
pub fn Choice(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let state = state();
    let frame = Frame::new(&state, name, label, hint, false);
    let chosen = state.refill(name, value);
    let (id, described, wrong) = (frame.id.clone(), frame.described(), frame.wrong());
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect();
    frame.around(
        view! {
            <select
                id=id
                name=name
                aria-describedby=described
                aria-invalid=move || wrong().then_some("true")
            >
                {options}
            </select>
        }
        .into_any(),
    )
}

/// Any of several, as (value, words). `name` ends with `[]`.
#[component]
pub fn CheckBoxes(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional)] checked: Vec<String>,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let state = state();
    state.register(name);
    let checked = state.sent_all(name).unwrap_or(checked);
    let boxes: Vec<_> = options
        .into_iter()
        .map(|(value, words)| {
            let on = checked.contains(&value);
            view! {
                <label class="check">
                    <input type="checkbox" name=name value=value checked=on/>
                    <span>{words}</span>
                </label>
            }
        })
        .collect();
    let against = move || state.against(name).map(|refusal| view! { <Against refusal/> });
    view! {
        <fieldset class="field">
            <legend>{label}</legend>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            <div class="checks">{boxes}</div>
            <div class="against">{against}</div>
        </fieldset>
    }
}

/// What the form carries along unseen.
#[component]
pub fn Hidden(name: &'static str, #[prop(into)] value: Signal<String>) -> impl IntoView {
    view! { <input type="hidden" name=name prop:value=move || value.get() value=value.get_untracked()/> }
}

/// The button that sends. With `name` and `value` it says which of several buttons it was.
#[component]
pub fn Submit(
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] value: Option<&'static str>,
    #[prop(default = "primary")] class: &'static str,
    #[prop(optional, into)] blocked: Signal<bool>,
    /// For a button that stays pressed.
    #[prop(optional)]
    pressed: Option<bool>,
) -> impl IntoView {
    let phase = state().phase;
    view! {
        <button
            type="submit"
            class=format!("button {class}")
            name=name
            value=value
            aria-pressed=pressed.map(|pressed| if pressed { "true" } else { "false" })
            disabled=move || blocked.get() || phase.get() == Phase::Requested
        >
            {icon.map(Icon::view)}
            <span>{label}</span>
        </button>
    }
}

/// What surrounds an input.
struct Frame {
    id: String,
    name: &'static str,
    label: String,
    hint: String,
    optional: bool,
    state: FormState,
}

impl Frame {
    fn new(state: &FormState, name: &'static str, label: String, hint: String, optional: bool) -> Self {
        state.register(name);
        Self { id: format!("{}-{name}", state.id), name, label, hint, optional, state: state.clone() }
    }

    fn described(&self) -> String {
        if self.hint.is_empty() { format!("{}-error", self.id) } else { format!("{0}-hint {0}-error", self.id) }
    }

    fn wrong(&self) -> impl Fn() -> bool + Send + Sync + 'static + use<> {
        let (state, name) = (self.state.clone(), self.name);
        move || state.against(name).is_some()
    }

    fn around(self, input: AnyView) -> AnyView {
        let Self { id, name, label, hint, optional, state } = self;
        let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
        let against = move || state.against(name).map(|refusal| view! { <Against refusal/> });
        view! {
            <div class="field">
                <label for=id>
                    {label} {optional.then(|| view! { <span class="optional">" optional"</span> })}
                </label>
                {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
                {input}
                <div class="against" id=error_id>{against}</div>
            </div>
        }
        .into_any()
    }
}

/// What is said against a field: shorter than the whole refusal, because the field is in sight.
#[component]
pub fn Against(refusal: Refusal) -> impl IntoView {
    let Refusal { detail, found, allowed, who_can_help, .. } = refusal;
    let words = match (found, allowed) {
        (Some(found), Some(allowed)) if found == "nothing" => format!("Needed here: {allowed}."),
        (Some(found), Some(allowed)) => format!("Found {found}; allowed is {allowed}."),
        _ => detail,
    };
    let help = who_can_help.map(|who| format!(" {who} can help.")).unwrap_or_default();
    view! { <p>{Icon::TRIANGLE_ALERT.view()} <span>{words}{help}</span></p> }
}

/// Text as it may stand inside an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
