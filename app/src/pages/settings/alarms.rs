//! What fires in an environment, and how it is cleared.

use crate::{
    components::When,
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use domain::environment::{Environment, EnvironmentId, Raised};
use leptos::prelude::*;

/// What somebody may do about alarms.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    /// Clear what people and their checks raised.
    pub clear: bool,
    /// Clear what a monitoring system raised, too.
    pub silence: bool,
}

#[component]
pub(super) fn Alarms(environment: Environment, may: May) -> impl IntoView {
    let id = environment.id;
    let one = |raised: Raised| {
        let may = may.clear && (raised.by.is_some() || may.silence);
        view! { <Fires id=id.clone() raised may/> }
    };
    environment.alarms.into_values().map(one).collect::<Vec<_>>()
}

#[component]
fn Fires(id: EnvironmentId, raised: Raised, may: bool) -> impl IntoView {
    let Raised { alarm, at, .. } = raised;
    let (class, icon) =
        if alarm.critical { ("aside failed", Icon::OCTAGON_X) } else { ("aside warning", Icon::TRIANGLE_ALERT) };
    let word = if alarm.critical { "Critical alarm" } else { "Alarm" };
    let trigger = alarm.trigger.map(|trigger| format!(" It meets the trigger {trigger}."));
    let said = Some(alarm.said).filter(|said| !said.is_empty()).map(|said| format!(" “{said}”"));
    let clear = may.then(|| {
        let about =
            vec![("product", id.product.to_string()), ("env", id.env.to_string()), ("key", alarm.key.clone())];
        view! {
            <details class="fold" id=format!("clear-{}-{}", id.env, alarm.key)>
                <summary>{Icon::CHECK.view()} {format!(" Clear “{}”", alarm.name)}</summary>
                <Form to="/do/clear_alarm" about class="inline">
                    <TextField name="reason" label="Reason" hint="If it is not over, it fires again with the next word of whoever raised it."/>
                    <Submit label="Clear"/>
                </Form>
            </details>
        }
    });
    view! {
        <p class=class>
            {icon.view()}
            <span><b>{word} ": " {alarm.name}</b> ", since " <When at/> "." {said} {trigger}</span>
        </p>
        {clear}
    }
}
