//! One environment: what runs there, whether it is held, was changed from outside or has alarms, what moves it and what
//! measures it.

use super::{
    alarms::{Alarms, May},
    driver::DriverForm,
    model,
    monitors::Monitors,
};
use crate::{
    components::{Markup, When},
    forms::{Form, Submit, TextField},
    icons::Icon,
    pages::rollout::Resume,
};
use control::driver::DriverKind;
use domain::environment::{Connection, Environment, EnvironmentId};
use leptos::prelude::*;

#[component]
pub(super) fn Place(place: model::Place, administers: bool, may_promote: bool, alarms: May) -> impl IntoView {
    let model::Place { id, purpose, environment, form, monitor } = place;
    let env = id.env.to_string();
    let (section, heading) = (format!("env-{env}"), format!("env-{env}-title"));
    let labelled = heading.clone();
    let runs = runs(&environment).view();
    let locked = environment.lock.map(|rollout| {
        let href = format!("/{}/deployments/{rollout}", id.product);
        view! {
            <p class="aside">
                {Icon::LOADER.view()}
                <span>"A "<a href=href>"rollout"</a>" is under way; until it is over, nothing here can be changed."</span>
            </p>
        }
    });
    let drift = environment.drift.clone().map(|drift| {
        view! {
            <p class="aside warning">
                {Icon::TRIANGLE_ALERT.view()}
                <span>
                    <b>"Changed from outside"</b> ", seen " <When at=drift.at/> ": " {drift.found}
                    ". Adopt what runs there, or bring the right version in again; Pilothouse overwrites nothing by itself."
                </span>
            </p>
        }
    });
    let hold = environment.hold.clone().map(|hold| {
        if may_promote {
            view! { <Resume place=id.clone() reason=hold.reason at=hold.at/> }.into_any()
        } else {
            view! { <p class="aside waits">{Icon::HAND.view()} <span>"Held: " {hold.reason}</span></p> }.into_any()
        }
    });
    let free = environment.lock.is_none();
    let adopt = (may_promote && free).then(|| view! { <Adopt id=id.clone()/> });
    let set = environment.connection.clone();
    let connected = connected(set.as_ref()).view();
    let choices = (administers && free).then(|| kinds(&id, form.map(|(kind, _)| kind)).view());
    let form =
        form.filter(|_| free).map(|(kind, fields)| view! { <DriverForm id=id.clone() kind fields set=set.clone()/> });
    let disconnect = (administers && free && set.is_some()).then(|| view! { <Disconnect id/> });
    view! {
        <section id=section class="card" data-live="environment rollout" data-in-place aria-labelledby=labelled>
            <h2 id=heading>{env}</h2>
            <p class="meta">{purpose}</p>
            {runs}
            {locked}
            {drift}
            {hold}
            <Alarms environment=environment.clone() may=alarms/>
            {adopt}
            {connected}
            {choices}
            {form}
            {disconnect}
            <Monitors environment form=monitor open=administers && free/>
        </section>
    }
}

fn runs(environment: &Environment) -> Markup {
    match environment.running() {
        Some(run) => {
            let markup = Markup::new().html("<p>Runs there: <code>").text(&run.version).html("</code>, since ");
            markup.time(run.since).html(".</p>")
        }
        None => Markup::new().html("<p class=\"meta\">As far as Pilothouse knows, nothing runs there.</p>"),
    }
}

fn connected(connection: Option<&Connection>) -> Markup {
    match connection {
        None => Markup::new()
            .html("<p class=\"aside\">")
            .icon(Icon::CIRCLE_DASHED)
            .html("<span>Nothing is connected that could move versions there.</span></p>"),
        Some(connection) => {
            let actions: Vec<&str> = connection.abilities.actions.iter().map(|action| action.name()).collect();
            Markup::new()
                .html("<p class=\"aside passed\">")
                .icon(Icon::CIRCLE_CHECK)
                .html("<span>Moved by <b>")
                .text(&connection.driver)
                .html("</b>, which can: ")
                .text(actions.join(", ").replace('_', " "))
                .html(".</span></p>")
        }
    }
}

/// The kinds of drivers, each a link to its form.
fn kinds(id: &EnvironmentId, shown: Option<DriverKind>) -> Markup {
    let markup = Markup::new().html("<nav class=\"kinds\" aria-label=\"Drivers for ").text(&id.env);
    let markup = markup.html("\"><span class=\"meta\">Connect it with</span>");
    markup
        .each(DriverKind::ALL, |markup, kind| {
            let markup = markup.html("<a class=\"button small\" href=\"/").text(&id.product).html("/settings?env=");
            let markup = markup.text(&id.env).html("&amp;driver=").text(kind).html("#env-").text(&id.env);
            let markup = markup.html(if shown == Some(kind) { "\" aria-current=\"true\">" } else { "\">" });
            markup.text(kind).html("</a>")
        })
        .html("</nav>")
}

#[component]
fn Adopt(id: EnvironmentId) -> impl IntoView {
    let about = vec![("product", id.product.to_string()), ("env", id.env.to_string())];
    view! {
        <details class="fold" id=format!("adopt-{}", id.env)>
            <summary>{Icon::PACKAGE.view()} " Adopt what runs there"</summary>
            <Form to="/do/adopt" about class="inline">
                <TextField name="version" label="Version" hint="As it runs now, such as 1.4.2. Nothing is moved."/>
                <Submit label="Adopt"/>
            </Form>
        </details>
    }
}

#[component]
fn Disconnect(id: EnvironmentId) -> impl IntoView {
    let about = vec![("product", id.product.to_string()), ("env", id.env.to_string())];
    view! {
        <details class="fold" id=format!("disconnect-{}", id.env)>
            <summary>{Icon::X.view()} " Disconnect it"</summary>
            <Form to="/do/disconnect" about class="inline">
                <TextField name="reason" label="Reason" hint="What runs goes on running; nothing can be promoted or rolled back."/>
                <Submit label="Disconnect" class="danger"/>
            </Form>
        </details>
    }
}
