//! The forms in the life of a known issue.

use super::{EDIT, REPORT};
use crate::{
    forms::{CheckBoxes, Choice, Flash, Form, LastForm, Submit, TextArea, TextField},
    icons::Icon,
};
use domain::{
    known_issue::{KnownIssue, State},
    playbook::Audience,
};
use leptos::prelude::*;

/// Whether this is the form that was sent last: it stands open then.
fn was_sent(to: &str) -> bool {
    use_context::<LastForm>().and_then(|last| last.0).is_some_and(|flash: Flash| flash.path == to)
}

/// A new one.
#[component]
pub fn Report(product: String, severities: Vec<(String, String)>, affected: String) -> impl IntoView {
    let open = was_sent(REPORT) || !affected.is_empty();
    let suggested = if affected.is_empty() { String::new() } else { format!(">= {affected}") };
    let words = Words { affected: suggested, severity: "sev3".to_owned(), ..Words::default() };
    view! {
        <details id="report" class="card editor" open=open>
            <summary>{Icon::PLUS.view()} <span>"Report a known issue"</span> {Icon::CHEVRON_DOWN.view()}</summary>
            <Form to=REPORT about=vec![("product", product)]>
                <Fields words severities/>
                <Submit label="Report it"/>
            </Form>
        </details>
    }
}

/// What can be done about one.
#[component]
pub fn Keeping(issue: KnownIssue, severities: Vec<(String, String)>) -> impl IntoView {
    let about = vec![("product", issue.product.to_string()), ("issue", issue.id.to_string())];
    let state = issue.state();
    let fix = (state != State::Closed).then(|| {
        let about = about.clone();
        view! {
            <Form to="/do/fix_known_issue" about>
                <TextField name="version" label="Fixed in" hint="The version that brings the fix; one for an older line is a second one."/>
                <Submit label="Say that it is fixed" icon=Icon::CIRCLE_CHECK/>
            </Form>
        }
    });
    let close = (state != State::Closed).then(|| {
        let about = about.clone();
        view! {
            <Form to="/do/close_known_issue" about>
                <TextField name="reason" label="Close because" hint="It is not shown any more, though nothing was fixed."/>
                <Submit label="Close it" class="plain"/>
            </Form>
        }
    });
    let reopen = (state != State::Open).then(|| {
        let about = about.clone();
        view! {
            <Form to="/do/reopen_known_issue" about>
                <TextField name="reason" label="Open again because" hint="The fix did not hold, or it was closed by mistake."/>
                <Submit label="Open it again" icon=Icon::UNDO_2 class="plain"/>
            </Form>
        }
    });
    let open = was_sent(EDIT);
    view! {
        <section class="card" aria-labelledby="life-title">
            <h2 id="life-title">"Its life"</h2>
            {fix} {close} {reopen}
        </section>
        <details id="edit" class="card editor" open=open>
            <summary>{Icon::PENCIL.view()} <span>"Edit"</span> {Icon::CHEVRON_DOWN.view()}</summary>
            <Form to=EDIT about>
                <Fields words=Words::of(&issue) severities/>
                <Submit label="Save"/>
            </Form>
        </details>
    }
}

/// What the fields begin with.
#[derive(Debug, Clone, Default)]
struct Words {
    title: String,
    description: String,
    workaround: String,
    affected: String,
    severity: String,
    tracking: String,
    audience: Vec<String>,
}

impl Words {
    fn of(issue: &KnownIssue) -> Self {
        let details = issue.details.clone();
        Self {
            title: details.title,
            description: details.description,
            workaround: details.workaround.unwrap_or_default(),
            affected: details.affected.to_string(),
            severity: details.severity.to_string(),
            tracking: details.tracking.unwrap_or_default(),
            audience: details.audience.iter().map(|one| one.name().to_owned()).collect(),
        }
    }
}

#[component]
fn Fields(words: Words, severities: Vec<(String, String)>) -> impl IntoView {
    let Words { title, description, workaround, affected, severity, tracking, audience } = words;
    let audiences = Audience::ALL.iter().map(|one| (one.name().to_owned(), one.words())).collect();
    view! {
        <TextField name="title" label="Title" value=title hint="What is wrong, in one line."/>
        <TextArea name="description" label="Description" value=description rows=5 hint="What people see, when, and since when."/>
        <TextArea name="workaround" label="Workaround" value=workaround optional=true hint="What helps meanwhile, step by step."/>
        <TextField name="affected" label="Affected versions" value=affected hint="“all”, “1.2.0”, “>= 1.2.0”, “<= 1.4.2” or “>= 1.2.0, <= 1.4.2”."/>
        <Choice name="severity" label="Severity" options=severities value=severity/>
        <TextField name="tracking" label="Tracked at" kind="url" value=tracking optional=true hint="The address where the work on it is followed."/>
        <CheckBoxes name="audience[]" label="For" options=audiences checked=audience hint="Who is shown it; “public” shows it to everybody on the web."/>
    }
}
