//! Setting a password by a one-time link: an invitation, or a reset.

use super::sign_in::Doorway;
use crate::{
    components::RefusalText,
    failure::Failure,
    forms::{Form, Submit, TextField},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    pub name: String,
    pub email: Option<String>,
}

#[component]
pub fn WelcomePage() -> impl IntoView {
    let secret = use_params_map().with_untracked(|params| params.get("secret")).unwrap_or_default();
    let guest = see_welcome(secret.clone());
    Suspend::new(async move {
        match guest.await {
            Ok(guest) => view! { <Welcome guest secret/> }.into_any(),
            Err(failure) => {
                let refusal = failure.0;
                view! {
                    <Doorway title="This link does not work">
                        <RefusalText refusal/>
                        <p><a class="button" href="/sign-in">"Sign in with your password"</a></p>
                    </Doorway>
                }
                .into_any()
            }
        }
    })
}

#[component]
fn Welcome(guest: Guest, secret: String) -> impl IntoView {
    let Guest { name, email } = guest;
    let sign_in_with = email.clone().map_or_else(
        || "No email address is known for you; tell your administrator the one to sign in with.".to_owned(),
        |email| format!("You will sign in with {email}."),
    );
    view! {
        <Doorway title=format!("Welcome, {name}")>
            <p>{sign_in_with}</p>
            <Form to="/do/set_password" class="card">
                <input type="hidden" name="secret" value=secret/>
                // Password managers want to know whose password this is.
                <input type="hidden" name="username" autocomplete="username" value=email/>
                <TextField
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters. Other browsers of yours are signed out."
                />
                <Submit label="Set the password"/>
            </Form>
        </Doorway>
    }
}

#[server(prefix = "/see", endpoint = "welcome", input = GetUrl)]
pub async fn see_welcome(secret: String) -> Result<Guest, Failure> {
    crate::failure::answer(on_server::guest(&secret).await)
}

#[server(prefix = "/do", endpoint = "set_password")]
pub async fn set_password(
    secret: String,
    password: String,
    #[server(default)] username: String,
) -> Result<(), Failure> {
    // Only password managers need it.
    drop(username);
    let done = async {
        let session = crate::asking::control()?.set_password(&secret, password).await?;
        super::sign_in::begin(&session, "/").await
    };
    crate::failure::answer(done.await)
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::Guest;
    use control::vault::{LinkPurpose, link_unusable};
    use domain::Refusal;

    pub async fn guest(secret: &str) -> Result<Guest, Refusal> {
        let control = crate::asking::control()?;
        let link = control.usable_link(secret, LinkPurpose::SetPassword).await?;
        let account = link.person.and_then(|person| control.account(person)).ok_or_else(link_unusable)?;
        Ok(Guest { name: account.name, email: account.email })
    }
}
