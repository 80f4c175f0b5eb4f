//! An environment that is held after a way back, and the form that lets releases come in again.

use crate::{
    components::When,
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use domain::{Timestamp, environment::EnvironmentId};
use leptos::prelude::*;

#[component]
pub(crate) fn Resume(place: EnvironmentId, reason: String, at: Timestamp) -> impl IntoView {
    let about = vec![("product", place.product.to_string()), ("env", place.env.to_string())];
    view! {
        <p class="aside waits">
            {Icon::HAND.view()}
            <span><b>{format!("{} is held", place.env)}</b> " since " <When at/> ": " {reason} "."</span>
        </p>
        <Form to="/do/resume_environment" about class="inline">
            <TextField name="reason" label="Why it may go on"/>
            <Submit label="Resume" icon=Icon::CHECK/>
        </Form>
    }
}
