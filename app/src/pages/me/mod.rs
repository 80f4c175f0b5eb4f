//! One's own account: name and address, roles, stand-ins, API tokens.

use crate::{
    components::answered,
    failure::Failure,
    forms::{Form, Submit, TextField},
    pages::admin::person::{PersonView, Roles, StandIns, Tokens},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

#[component]
pub fn MePage() -> impl IntoView {
    view! {
        <Title text="Me and my tokens"/>
        <h1>"Me and my tokens"</h1>
        {answered(see_me(), move |me| view! { <Me me/> }.into_any())}
    }
}

#[component]
fn Me(me: PersonView) -> impl IntoView {
    let about = vec![("person", me.id.clone())];
    let (name, email) = (me.name.clone(), me.email.clone().unwrap_or_default());
    view! {
        <section class="card" aria-labelledby="me-account">
            <h2 id="me-account">"Account"</h2>
            <Form to="/do/correct_person" about>
                <TextField name="name" label="Name" value=name autocomplete="name"/>
                <TextField
                    name="email"
                    label="Email address"
                    kind="email"
                    value=email
                    autocomplete="email"
                    optional=true
                />
                <Submit label="Save"/>
            </Form>
        </section>
        <Roles person=me.clone() editable=false/>
        <StandIns person=me.clone()/>
        <Tokens person=me/>
    }
}

#[server(prefix = "/see", endpoint = "me", input = GetUrl)]
pub async fn see_me() -> Result<PersonView, Failure> {
    crate::failure::answer(on_server::me())
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use crate::pages::admin::person::{PersonView, view};
    use domain::Refusal;

    pub fn me() -> Result<PersonView, Refusal> {
        let asking = crate::asking::asking()?;
        view(&asking, asking.person)
    }
}
