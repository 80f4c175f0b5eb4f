//! Sending a form without leaving the page.

use super::{Accepted, FormState, Phase};
use crate::failure::unreachable;
use domain::{Class, Refusal};
use gloo_net::http::{Request, Response};
use leptos::{form::form_data_from_event, prelude::*, task::spawn_local};
use serde::Deserialize;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// What any refusing part of the server says, whichever words it uses besides.
#[derive(Deserialize)]
struct Problem {
    detail: String,
}

pub(super) fn submit(event: &SubmitEvent, to: &'static str, state: &FormState, done: Option<Callback<String>>) {
    event.prevent_default();
    if state.phase.get_untracked() == Phase::Requested {
        return;
    }
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let Some(body) = encode(event) else { return };
    state.phase.set(Phase::Requested);
    state.refusal.set(None);
    let (phase, refused) = (state.phase, state.refusal);
    spawn_local(async move {
        match post(to, body).await {
            Ok(text) => {
                let seq = serde_json::from_str::<Accepted>(&text).map_or(0, |accepted| accepted.seq);
                phase.try_set(Phase::Accepted(seq));
                if let Some(done) = done {
                    done.run(text);
                }
            }
            Err(refusal) => {
                phase.try_set(Phase::Idle);
                refused.try_set(Some(refusal));
                request_animation_frame(move || focus_first_error(&form));
            }
        }
    });
}

fn encode(event: &SubmitEvent) -> Option<String> {
    let data = form_data_from_event(event).ok()?;
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    pairs.to_string().as_string()
}

/// The answer's text.
async fn post(to: &str, body: String) -> Result<String, Refusal> {
    let request = Request::post(to)
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
        .map_err(|_| unreachable())?;
    let response = request.send().await.map_err(|_| unreachable())?;
    if !response.ok() {
        return Err(refusal_in(&response).await);
    }
    response.text().await.map_err(|_| unreachable())
}

async fn refusal_in(response: &Response) -> Refusal {
    let text = response.text().await.unwrap_or_default();
    let known = serde_json::from_str::<Refusal>(&text);
    known.unwrap_or_else(|_| match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Refusal::new(Class::Unavailable, problem.detail),
        Err(_) => Refusal::new(Class::Unavailable, format!("The server answered with status {}.", response.status())),
    })
}

fn focus_first_error(form: &HtmlFormElement) {
    let wrong = form.query_selector("[aria-invalid=true]").ok().flatten();
    if let Some(field) = wrong.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
}
