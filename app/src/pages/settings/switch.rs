//! The one switch that stops all automation, of a product or everywhere.

use crate::{
    asking::Asking,
    components::When,
    failure::Failure,
    forms::{Accepted, Form, Submit, TextField},
    icons::Icon,
};
use domain::automation::Stopped;
use leptos::prelude::*;

/// Nothing starts and nothing goes on by itself; `product` is “*” for everywhere.
#[server(prefix = "/do", endpoint = "stop_automation")]
pub async fn stop_automation(product: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    use domain::automation::Command;
    crate::failure::answer(on_server::order(&product, Command::Stop { reason }).await)
}

#[server(prefix = "/do", endpoint = "lift_stop")]
pub async fn lift_stop(product: String, #[server(default)] reason: String) -> Result<Accepted, Failure> {
    use domain::automation::Command;
    crate::failure::answer(on_server::order(&product, Command::Lift { reason }).await)
}

mod on_server {
    use crate::{asking::asking, forms::Accepted};
    use control::Command;
    use domain::{Refusal, automation, person::Reach};

    pub async fn order(product: &str, command: automation::Command) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let unknown = |_| Refusal::invalid("product", format!("“{product}”"), "a product, or “*”");
        let reach = Reach::try_from(product.to_owned()).map_err(unknown)?;
        let receipt = asking.order(Command::Automation(reach, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}

pub(super) fn who(asking: &Asking, stopped: &Stopped) -> String {
    stopped.by.map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id))
}

/// Stops it, or lets it go on. `product` is “*” for everywhere.
#[component]
pub(crate) fn Switch(
    product: String,
    /// In a sentence: “Till” or “any product”.
    of: String,
    stopped: Option<(Stopped, String)>,
) -> impl IntoView {
    let about = vec![("product", product)];
    match stopped {
        None => view! {
            <h2 id="automation-title">"Stop all automation"</h2>
            <p>{format!("Nothing of {of} starts, and nothing goes on by itself, until somebody lifts it. Ways back go on all the same.")}</p>
            <Form to="/do/stop_automation" about class="inline">
                <TextField name="reason" label="Reason"/>
                <Submit label="Stop all automation" icon=Icon::TRIANGLE_ALERT class="danger"/>
            </Form>
        }
        .into_any(),
        Some((stopped, by)) => view! {
            <h2 id="automation-title">"Automation is stopped"</h2>
            <p class="aside warning">
                {Icon::TRIANGLE_ALERT.view()}
                <span>"“" {stopped.reason} "” By " {by} ", " <When at=stopped.at/> "."</span>
            </p>
            <Form to="/do/lift_stop" about class="inline">
                <TextField name="reason" label="Why it may go on"/>
                <Submit label="Let it go on" icon=Icon::CHECK/>
            </Form>
        }
        .into_any(),
    }
}

/// For the whole installation, for those who administer it.
#[component]
pub(crate) fn SwitchOfAll() -> impl IntoView {
    use domain::person::Reach;
    let asking = crate::asking::asking().ok().filter(|asking| asking.administers("stop automation").is_ok());
    asking.map(|asking| {
        let stopped = asking.control.world().stopped_at(&Reach::Everywhere).cloned();
        let stopped = stopped.map(|stopped| (stopped.clone(), who(&asking, &stopped)));
        view! {
            <section id="automation" class="card" data-live="automation" data-in-place aria-labelledby="automation-title">
                <Switch product="*".to_owned() of="any product".to_owned() stopped/>
            </section>
        }
    })
}
