//! One person: account, roles, stand-ins, tokens, and the way out.

mod functions;
mod model;
mod roles;
mod tokens;

pub use functions::*;
pub use model::{GrantLine, PersonView, StandInLine, TokenLine};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use model::{grant, view};
pub use roles::{Roles, StandIns};
pub use tokens::Tokens;

use crate::{
    components::answered,
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn PersonPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id")).unwrap_or_default();
    view! {
        <Title text="Person"/>
        {answered(see_person(id), move |person| view! { <Page person/> }.into_any())}
    }
}

#[component]
fn Page(person: PersonView) -> impl IntoView {
    let PersonView { id, name, email, erased, disabled, service, .. } = person.clone();
    let state = match (erased, disabled, service) {
        (true, ..) => "Erased: name and address are gone, decisions stay.",
        (_, true, _) => "Disabled: cannot sign in, and no token of theirs works.",
        (.., true) => "A service account: it uses tokens and has no password.",
        _ => "An active account.",
    };
    let rest = (!erased).then(|| {
        view! {
            <Account person=person.clone()/>
            <Roles person=person.clone() editable=true/>
            <StandIns person=person.clone()/>
            <Tokens person/>
            <Leaving id name=name.clone() disabled/>
        }
    });
    view! {
        <p class="meta"><a href="/admin/people">"People and roles"</a></p>
        <h1>{name.clone()}</h1>
        <p class="lead">{state} {email.map(|e| format!(" Signs in with {e}."))}</p>
        {rest}
    }
}

#[component]
fn Account(person: PersonView) -> impl IntoView {
    let about = vec![("person", person.id.clone())];
    let (name, email) = (person.name, person.email.unwrap_or_default());
    let link = (!person.service && !person.disabled).then(|| {
        view! {
            <Form to="/do/issue_link" about=about.clone()>
                <Submit label="Make a new link to set a password" icon=Icon::LINK class=""/>
            </Form>
        }
    });
    view! {
        <section class="card" aria-labelledby="account">
            <h2 id="account">"Account"</h2>
            <Form to="/do/correct_person" about=about.clone()>
                <TextField name="name" label="Name" value=name/>
                <TextField
                    name="email"
                    label="Email address"
                    kind="email"
                    value=email
                    optional=true
                />
                <Submit label="Save"/>
            </Form>
            {link}
        </section>
    }
}

#[component]
fn Leaving(id: String, name: String, disabled: bool) -> impl IntoView {
    let about = vec![("person", id.clone())];
    let switch = if disabled {
        view! { <Form to="/do/enable_person" about=about.clone()><Submit label="Enable the account" class=""/></Form> }
            .into_any()
    } else {
        view! {
            <Form to="/do/disable_person" about=about.clone()>
                <TextField name="reason" label="Reason" optional=true/>
                <Submit label="Disable the account" icon=Icon::BAN class="danger"/>
            </Form>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="leaving">
            <h2 id="leaving">"Leaving"</h2>
            <p>"Disabling signs them out everywhere and stops their tokens. It can be undone."</p>
            {switch}
            <h3>"Erase"</h3>
            <p>"Erasing removes name, address, password, sessions and tokens for good. Their decisions stay under an id."</p>
            <Form to="/do/erase_person" about>
                <TextField name="typed" label=format!("Type “{name}” to erase") autocomplete="off"/>
                <Submit label="Erase" icon=Icon::X class="danger"/>
            </Form>
        </section>
    }
}
