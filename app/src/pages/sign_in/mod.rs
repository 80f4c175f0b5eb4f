//! Signing in: by address and password, or by a demo link.

mod functions;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use functions::on_server::begin;
pub use functions::{SignIn, SignInByLink, SignOut};

use crate::{
    components::NoticeBox,
    forms::{Form, LastForm, Submit, TextField},
    icons::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The frame of pages before signing in.
#[component]
pub fn Doorway(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let notice = expect_context::<LastForm>().0.and_then(|flash| flash.notice);
    view! {
        <Title text=title.clone()/>
        <main id="content" class="doorway">
            <p class="brand">{Icon::SHIP_WHEEL.view()} <span>"Pilothouse"</span></p>
            <h1>{title}</h1>
            {notice.map(|notice| view! { <NoticeBox notice/> })}
            {children()}
        </main>
    }
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    view! {
        <Doorway title="Sign in">
            <Form to="/do/sign_in" class="card">
                <TextField name="email" label="Email address" kind="email" autocomplete="username"/>
                <TextField name="password" label="Password" kind="password" autocomplete="current-password"/>
                <input type="hidden" name="next" value=next/>
                <Submit label="Sign in"/>
            </Form>
            <p class="hint">"No password yet, or forgotten? An administrator can give you a new link."</p>
        </Doorway>
    }
}

/// Nothing happens until the button is pressed: a link alone changes nothing.
#[component]
pub fn SignInByLinkPage() -> impl IntoView {
    let secret = use_params_map().with_untracked(|params| params.get("secret")).unwrap_or_default();
    view! {
        <Doorway title="Sign in to the demo">
            <Form to="/do/sign_in_by_link" class="card">
                <p>"This link signs you in once, with made-up data."</p>
                <input type="hidden" name="secret" value=secret/>
                <Submit label="Continue"/>
            </Form>
        </Doorway>
    }
}
