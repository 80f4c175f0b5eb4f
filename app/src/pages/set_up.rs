//! The first administrator, by the one-time link that the first start prints.

use super::sign_in::Doorway;
use crate::{
    failure::Failure,
    forms::{Form, Submit, TextField},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn SetUpPage() -> impl IntoView {
    let secret = use_params_map().with_untracked(|params| params.get("secret")).unwrap_or_default();
    view! {
        <Doorway title="Set up Pilothouse">
            <p>"You become the first administrator. You can invite everybody else afterwards."</p>
            <Form to="/do/set_up" class="card">
                <input type="hidden" name="secret" value=secret/>
                <TextField name="name" label="Your name" autocomplete="name" hint="As others will see it beside your decisions."/>
                <TextField name="email" label="Email address" kind="email" autocomplete="username"/>
                <TextField
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters."
                />
                <Submit label="Create the first administrator"/>
            </Form>
        </Doorway>
    }
}

#[server(prefix = "/do", endpoint = "set_up")]
pub async fn set_up(secret: String, name: String, email: String, password: String) -> Result<(), Failure> {
    use super::sign_in::begin;
    let done = async {
        let session = crate::asking::control()?.set_up(&secret, &name, &email, password).await?;
        begin(&session, "/").await
    };
    crate::failure::answer(done.await)
}
