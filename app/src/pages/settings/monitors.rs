//! What measures an environment: each monitor with its form, a way to what it answers, and a way to let it go.

use super::{
    WATCH,
    connection::{ConnectionForm, Own},
};
use crate::{
    components::Markup,
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use control::{driver::Field, monitor::MonitorKind};
use domain::environment::{Environment, EnvironmentId, Watching};
use leptos::prelude::*;

#[component]
pub(super) fn Monitors(
    environment: Environment,
    /// The monitor whose form is shown: for administrators, while nothing is under way.
    form: Option<(MonitorKind, &'static [Field])>,
    /// Whether monitors may be set and let go now.
    open: bool,
) -> impl IntoView {
    let id = environment.id.clone();
    let set = |kind: MonitorKind| environment.monitors.get(kind.name()).cloned();
    let kinds: Vec<MonitorKind> = MonitorKind::ALL.into_iter().filter(|kind| set(*kind).is_some()).collect();
    let measured = measured(&id, &kinds).view();
    let choices = open.then(|| choices(&id, form.map(|(kind, _)| kind)).view());
    let form = form.filter(|_| open).map(|(kind, fields)| {
        let own = set(kind);
        let gone = own.is_some().then(|| view! { <Unwatch id=id.clone() kind/> });
        view! { <MonitorForm id=id.clone() kind fields own/> {gone} }
    });
    view! { {measured} {choices} {form} }
}

#[component]
fn MonitorForm(id: EnvironmentId, kind: MonitorKind, fields: &'static [Field], own: Option<Watching>) -> impl IntoView {
    let own = own.map(|watching| Own { settings: watching.settings, secrets: watching.secrets });
    let about =
        vec![("product", id.product.to_string()), ("env", id.env.to_string()), ("monitor", kind.name().to_owned())];
    let summary = format!(" {kind} for {}", id.env);
    view! { <ConnectionForm to=WATCH about id=format!("monitor-{}", id.env) summary fields own/> }
}

#[component]
fn Unwatch(id: EnvironmentId, kind: MonitorKind) -> impl IntoView {
    let about =
        vec![("product", id.product.to_string()), ("env", id.env.to_string()), ("monitor", kind.name().to_owned())];
    let hint = match kind {
        MonitorKind::Alertmanager => "No alert comes in any more, and those that came in go.",
        _ => "Nothing that it measured is judged any more.",
    };
    view! {
        <details class="fold" id=format!("unwatch-{}-{kind}", id.env)>
            <summary>{Icon::X.view()} {format!(" Disconnect {kind}")}</summary>
            <Form to="/do/unwatch" about class="inline">
                <TextField name="reason" label="Reason" hint=hint/>
                <Submit label="Disconnect" class="danger"/>
            </Form>
        </details>
    }
}

fn measured(id: &EnvironmentId, kinds: &[MonitorKind]) -> Markup {
    if kinds.is_empty() {
        return Markup::new()
            .html("<p class=\"aside\">")
            .icon(Icon::CIRCLE_DASHED)
            .html("<span>No monitor measures it beside what its driver counts.</span></p>");
    }
    let markup = Markup::new().html("<p class=\"aside passed\">").icon(Icon::CIRCLE_CHECK).html("<span>Measured by ");
    let mut first = true;
    markup
        .each(kinds, |markup, kind| {
            let markup = markup.html(if std::mem::take(&mut first) { "<a href=\"/" } else { ", <a href=\"/" });
            let markup = markup.text(&id.product).html("/settings/").text(&id.env).html("/").text(kind);
            markup.html("\">").text(kind).html("</a>")
        })
        .html(".</span></p>")
}

/// The kinds of monitors, each a link to its form.
fn choices(id: &EnvironmentId, shown: Option<MonitorKind>) -> Markup {
    let markup = Markup::new().html("<nav class=\"kinds\" aria-label=\"Monitors for ").text(&id.env);
    let markup = markup.html("\"><span class=\"meta\">Measure it with</span>");
    markup
        .each(MonitorKind::ALL, |markup, kind| {
            let markup = markup.html("<a class=\"button small\" href=\"/").text(&id.product).html("/settings?env=");
            let markup = markup.text(&id.env).html("&amp;monitor=").text(kind).html("#env-").text(&id.env);
            let markup = markup.html(if shown == Some(kind) { "\" aria-current=\"true\">" } else { "\">" });
            markup.text(kind).html("</a>")
        })
        .html("</nav>")
}
