//! Duties that go round in a product: who is on, when it is handed over, who stands in.

mod model;

pub use model::{RotationsView, SeeRotations, see_rotations};

use crate::{
    components::{Empty, When, answered},
    forms::{Against, Choice, Form, FormState, Submit, TextField},
    icons::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::{DutyView, TurnLine};

/// How many places the form offers at least.
const PLACES: usize = 6;
const WEEKDAYS: [(&str, &str); 7] = [
    ("Mon", "Monday"),
    ("Tue", "Tuesday"),
    ("Wed", "Wednesday"),
    ("Thu", "Thursday"),
    ("Fri", "Friday"),
    ("Sat", "Saturday"),
    ("Sun", "Sunday"),
];

#[component]
pub fn RotationsPage() -> impl IntoView {
    let product = use_query_map().with_untracked(|query| query.get("product")).unwrap_or_default();
    view! {
        <Title text="Rotations"/>
        {answered(see_rotations(product), move |view| view! { <Duties view/> }.into_any())}
    }
}

#[component]
fn Duties(view: RotationsView) -> impl IntoView {
    let RotationsView { product, name, today, zone, may_set, duties } = view;
    let none = duties.is_empty().then(|| {
        view! { <Empty title="No duty goes round here" text="The playbook of this product names no role that rotates."/> }
    });
    let today = today.to_string();
    let duties: Vec<_> = duties
        .into_iter()
        .map(|duty| {
            view! { <Duty duty product=product.clone() today=today.clone() usual=zone.clone() may_set/> }
        })
        .collect();
    view! {
        <p class="crumbs"><a href=format!("/calendar?product={product}")>"Calendar"</a></p>
        <h1>"Rotations of " {name}</h1>
        {none}
        {duties}
    }
}

#[component]
fn Duty(duty: DutyView, product: String, today: String, usual: String, may_set: bool) -> impl IntoView {
    let DutyView { role, title, members, words, every_weeks, weekday, at, zone, now, next, people } = duty;
    let heading = format!("duty-{role}");
    let named = heading.clone();
    let about = vec![("product", product), ("role", role)];
    let on = match now {
        Some(turn) => view! {
            <p class="lead on-now">{Icon::USER.view()} <span><b>{turn.holder}</b> {format!(" is on{}.", instead(turn.instead_of))} " Hands over " <When at=turn.ends/></span></p>
        }
        .into_any(),
        None => view! { <p class="lead">"Nobody is on."</p> }.into_any(),
    };
    let next: Vec<_> = next.into_iter().map(|turn| view! { <Turn turn/> }).collect();
    let next = (!next.is_empty()).then(|| view! { <h3>"Hand-overs to come"</h3> <ul class="rows">{next}</ul> });
    let set = words.is_some();
    let offered = !set && !people.is_empty();
    let known = words.map(|words| view! { <p class="meta">"Handed over " {words} "."</p> });
    let stand_in = (may_set && set).then(|| {
        let (about, people, today) = (about.clone(), people.clone(), today.clone());
        view! {
            <details class="editor-like">
                <summary>"Somebody stands in"</summary>
                <Form to="/do/override_turn" about>
                    <TextField name="from" label="First day" kind="date" value=today.clone()/>
                    <TextField name="to" label="Last day" kind="date" value=today/>
                    <Choice name="holder" label="Who" options=people/>
                    <TextField name="reason" label="Reason"/>
                    <Submit label="Let them stand in"/>
                </Form>
            </details>
        }
    });
    let change = may_set.then(|| {
        let weekdays = WEEKDAYS.map(|(value, said)| (value.to_owned(), said.to_owned())).to_vec();
        let summary = if set { "Change who takes turns" } else { "Say who takes turns" };
        view! {
            <details class="editor-like" open=offered>
                <summary>{summary}</summary>
                <Form to="/do/set_rotation" about>
                    <Places people members/>
                    <TextField name="starts" label="From" kind="date" value=today hint="The first takes over on the first such day from here on."/>
                    <Choice name="weekday" label="Handed over on" options=weekdays value=weekday/>
                    <TextField name="at" label="At" kind="time" value=at/>
                    <TextField name="zone" label="Time zone" value=zone.unwrap_or(usual) hint="By IANA, such as Europe/London or UTC."/>
                    <TextField name="every_weeks" label="Weeks of a turn" kind="number" value=every_weeks.to_string()/>
                    <Submit label="Save the rotation"/>
                </Form>
            </details>
        }
    });
    view! {
        <section class="card" aria-labelledby=named>
            <h2 id=heading>{title}</h2>
            {on}
            {known}
            {next}
            {stand_in}
            {change}
        </section>
    }
}

fn instead(of: Option<String>) -> String {
    of.map_or_else(String::new, |name| format!(" instead of {name}"))
}

#[component]
fn Turn(turn: TurnLine) -> impl IntoView {
    let TurnLine { holder, instead_of, local, starts, .. } = turn;
    view! {
        <li class="row">
            <span class="row-main"><b>{holder}</b> {instead(instead_of)}</span>
            <span class="meta">{local}</span>
            <span class="meta when"><When at=starts/></span>
        </li>
    }
}

/// Who takes turns, one place after the other.
#[component]
fn Places(people: Vec<(String, String)>, members: Vec<String>) -> impl IntoView {
    let state: FormState = expect_context();
    state.register("members[]");
    let nobody = people.is_empty();
    let places: Vec<_> = (0..PLACES.max(members.len() + 1))
        .map(|n| {
            let chosen = members.get(n).cloned().unwrap_or_default();
            let options: Vec<_> = people
                .iter()
                .cloned()
                .map(|(id, name)| {
                    let selected = id == chosen;
                    view! { <option value=id selected=selected>{name}</option> }
                })
                .collect();
            view! {
                <label class="place">
                    <span class="meta">{format!("Turn {}", n + 1)}</span>
                    <select name="members[]"><option value="">"–"</option>{options}</select>
                </label>
            }
        })
        .collect();
    let against = move || state.against("members[]").map(|refusal| view! { <Against refusal/> });
    view! {
        <fieldset class="field">
            <legend>"In this order"</legend>
            <p class="hint">{if nobody { "Nobody holds this role here; an administrator can grant it." } else { "People who hold the role. Empty places are left out." }}</p>
            <div class="places">{places}</div>
            <div class="against">{against}</div>
        </fieldset>
    }
}
