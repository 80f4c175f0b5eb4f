//! The API tokens of a person: made, shown once, revoked.

use super::{PersonView, TokenLine};
use crate::{
    components::When,
    forms::{CheckBoxes, Form, Submit, TextField},
    icons::Icon,
};
use leptos::prelude::*;

#[component]
pub fn Tokens(person: PersonView) -> impl IntoView {
    let PersonView { id: person, tokens, scopes, .. } = person;
    let lines: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let TokenLine { id, scopes, issuer, issued_at, expires_at, status } = token;
            let short: String = id.chars().take(8).collect();
            let about = vec![("person", person.clone()), ("token", id)];
            let label = format!("Revoke {short}");
            let away = (status == "valid").then(|| {
                view! { <Form to="/do/revoke_token" about><Submit label class="plain"/></Form> }
            });
            let ends = expires_at.map(|at| view! { <span class="meta">"ends " <When at/></span> });
            view! {
                <li class="row">
                    <span class="row-main"><code>{short}</code> " " {scopes} " (" {status} ")"</span>
                    <span class="meta">"issued by " {issuer} " " <When at=issued_at/></span>
                    {ends}
                    {away}
                </li>
            }
        })
        .collect();
    let list = if lines.is_empty() {
        view! { <p class="meta">"No token yet."</p> }.into_any()
    } else {
        view! { <ul class="rows">{lines}</ul> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="tokens">
            <h2 id="tokens">"API tokens"</h2>
            <p>"For scripts and CI. A token can do what the person can, within its scopes; it approves nothing that its issuer authored."</p>
            {list}
            <Form to="/do/issue_token" about=vec![("person", person)]>
                <CheckBoxes name="scopes[]" label="Scopes" options=scopes checked=vec!["*".to_owned()]/>
                <TextField name="expires" label="Last day" kind="date" optional=true hint="Without one it works until it is revoked."/>
                <Submit label="Issue a token" icon=Icon::KEY_ROUND/>
            </Form>
        </section>
    }
}
