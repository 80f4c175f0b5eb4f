//! The roles of a person, and who fills them while they are away.

use super::{PersonView, StandInLine};
use crate::{
    components::When,
    forms::{Choice, Form, Submit, TextField},
    icons::Icon,
};
use leptos::prelude::*;

#[component]
pub fn Roles(person: PersonView, editable: bool) -> impl IntoView {
    let PersonView { id, grants, choices, .. } = person;
    let lines: Vec<_> = grants
        .into_iter()
        .map(|grant| {
            let about = vec![("person", id.clone()), ("product", grant.product), ("role", grant.role)];
            let label = format!("Revoke {}", grant.words);
            let away = editable.then(|| {
                view! { <Form to="/do/revoke_role" about><Submit label class="plain"/></Form> }
            });
            view! { <li class="row"><span class="row-main">{grant.words}</span> {away}</li> }
        })
        .collect();
    let list = if lines.is_empty() {
        view! { <p class="meta">"No role yet."</p> }.into_any()
    } else {
        view! { <ul class="rows">{lines}</ul> }.into_any()
    };
    let more = editable.then(|| {
        view! {
            <Form to="/do/grant_role" about=vec![("person", id)]>
                <Choice name="role" label="Role" options=choices.roles/>
                <Choice name="product" label="Counts in" options=choices.reaches/>
                <Submit label="Grant the role" icon=Icon::PLUS/>
            </Form>
        }
    });
    view! {
        <section class="card" aria-labelledby="roles">
            <h2 id="roles">"Roles"</h2>
            {list}
            {more}
        </section>
    }
}

#[component]
pub fn StandIns(person: PersonView) -> impl IntoView {
    let PersonView { id, grants, stand_ins, others, .. } = person;
    let lines: Vec<_> = stand_ins
        .into_iter()
        .map(|line| {
            let StandInLine { product, role, substitute, words, from, until } = line;
            let label = format!("Withdraw {words}");
            let about = vec![("person", id.clone()), ("product", product), ("role", role), ("substitute", substitute)];
            view! {
                <li class="row">
                    <span class="row-main">{words}</span>
                    <span class="meta"><When at=from/> " to " <When at=until/></span>
                    <Form to="/do/withdraw_stand_in" about><Submit label class="plain"/></Form>
                </li>
            }
        })
        .collect();
    let list = (!lines.is_empty()).then(|| view! { <ul class="rows">{lines}</ul> });
    let roles: Vec<(String, String)> =
        grants.into_iter().map(|g| (format!("{} {}", g.product, g.role), g.words)).collect();
    let form = if roles.is_empty() || others.is_empty() {
        view! { <p class="meta">"A stand-in needs a role to fill and somebody else to fill it."</p> }.into_any()
    } else {
        view! {
            <Form to="/do/name_stand_in" about=vec![("person", id)]>
                <Choice name="grant" label="Role" options=roles/>
                <Choice name="substitute" label="Stand-in" options=others/>
                <TextField name="from" label="From" kind="date" hint="Begins at 00:00 UTC."/>
                <TextField name="until" label="Until" kind="date" hint="Ends at 00:00 UTC of this day; at most 90 days."/>
                <Submit label="Name the stand-in"/>
            </Form>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="stand-ins">
            <h2 id="stand-ins">"Stand-ins"</h2>
            <p>"Somebody who fills a role while its holder is away, within dates."</p>
            {list}
            {form}
        </section>
    }
}
