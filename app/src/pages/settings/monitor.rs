//! The page of a monitor: what each metric was asked, what came back, how old that is, and a button that asks now.

use super::{
    ASK,
    connection::findings,
    past::{Past, past},
};
use crate::{
    asking::asking,
    components::{Markup, answered},
    failure::answer,
    forms::{Form, LastForm, Submit},
    icons::Icon,
};
use control::monitor::{Asked, Look, MonitorKind};
use domain::{Refusal, access::Permission, environment::EnvironmentId, slug::ProductSlug};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// So much of an answer is shown.
const LONGEST: usize = 600;

#[derive(Debug, Clone)]
struct Seen {
    id: EnvironmentId,
    product: String,
    kind: MonitorKind,
    look: Option<Look>,
    /// Once somebody asked for it.
    past: Option<Past>,
    may_ask: bool,
    may_set: bool,
}

impl Seen {
    async fn of(product: &str, env: &str, monitor: &str, asked: Option<String>) -> Result<Self, Refusal> {
        let asking = asking()?;
        let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
        let (product, by) = asking.seen(&slug)?;
        let nothing = || Refusal::not_found(format!("monitor “{monitor}” of {env}"));
        let id = EnvironmentId { product: slug, env: env.parse().map_err(|_| nothing())? };
        let kind = MonitorKind::named(monitor).ok_or_else(nothing)?;
        let world = asking.control.world();
        world.environment(&id).and_then(|here| here.monitors.get(kind.name())).ok_or_else(nothing)?;
        let (look, may_ask) = (asking.control.last_look(&id, kind), by.may(Permission::Promote));
        let may_set = may_ask || by.may(Permission::Administer);
        let product = product.name.clone();
        let past = match asked {
            Some(asked) => Some(Past::of(&asking.control, &id, kind, &asked).await?),
            None => None,
        };
        Ok(Self { id, product, kind, look, past, may_ask, may_set })
    }
}

#[component]
pub fn MonitorPage() -> impl IntoView {
    let (product, env, monitor) = use_params_map().with_untracked(|params| {
        let text = |name: &str| params.get(name).unwrap_or_default();
        (text("product"), text("env"), text("monitor"))
    });
    let asked = use_query_map().with_untracked(|query| query.get("past"));
    let seen = async move { answer(Seen::of(&product, &env, &monitor, asked).await) };
    answered(seen, |seen| view! { <Told seen/> }.into_any())
}

#[component]
fn Told(seen: Seen) -> impl IntoView {
    let Seen { id, product, kind, look, past: remembered, may_ask, may_set } = seen;
    // Only Prometheus keeps a past.
    let past = (kind == MonitorKind::Prometheus)
        .then(|| past(&format!("/{}/settings/{}/{kind}", id.product, id.env), remembered.as_ref()).view());
    let heading = format!("Monitor {kind} of {}", id.env);
    let settings = may_set.then(|| {
        let href = format!("/{}/settings#env-{}", id.product, id.env);
        view! { {Icon::CHEVRON_RIGHT.view()} <a href=href>"Settings"</a> }
    });
    let about =
        vec![("product", id.product.to_string()), ("env", id.env.to_string()), ("monitor", kind.name().to_owned())];
    let last = use_context::<LastForm>().and_then(|last| last.0).filter(|flash| flash.is_from(ASK, &about));
    let found = last.as_ref().and_then(findings).map(Markup::view);
    let ask = may_ask.then(|| {
        view! {
            <Form to=ASK about class="inline">
                <Submit label="Ask now" icon=Icon::SEARCH/>
            </Form>
        }
    });
    let end = look.as_ref().map(|look| look.end);
    let asked = look.map(|look| look.asked).unwrap_or_default();
    let body = match (kind, end) {
        (MonitorKind::Alertmanager, _) => Markup::new().html(
            "<p>It is not asked anything: Alertmanager sends its alerts to <code>/hooks/alertmanager</code>. What fires stands in \
             the settings.</p>",
        ),
        (_, None) => Markup::new().html("<p>Nothing was asked since Pilothouse started here.</p>"),
        (_, Some(end)) => {
            let intro = Markup::new().html("<div><p class=\"meta\">Last asked about the window that ended ");
            answers(intro.time(end).html(".</p>"), &asked).html("</div>")
        }
    };
    view! {
        <Title text=heading.clone()/>
        <p class="crumbs">
            <a href="/releases">"Releases"</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/releases?product={}", id.product)>{product}</a> {settings}
        </p>
        <h1>{heading}</h1>
        <section class="card" data-in-place id="answers" aria-label="What it answers">
            {found}
            {body.view()}
            {ask}
        </section>
        {past.map(|past| view! { <section class="card" id="past" aria-labelledby="past-title">{past}</section> })}
    }
}

/// One after the other: queries are long.
fn answers(markup: Markup, asked: &[Asked]) -> Markup {
    markup.html("<ul class=\"findings\">").each(asked, one).html("</ul>")
}

fn one(markup: Markup, asked: &Asked) -> Markup {
    let (class, icon, word) = if asked.good {
        ("finding passed", Icon::CIRCLE_CHECK, "good: ")
    } else {
        ("finding failed", Icon::OCTAGON_X, "bad: ")
    };
    let answer: String = asked.answered.chars().take(LONGEST).collect();
    let markup = markup.html("<li class=\"").html(class).html("\">").icon(icon).html("<div><p><b>").text(&asked.metric);
    let markup = markup.html("</b> <span class=\"meta\">asked ").time(asked.at).html(", answered within ");
    let markup = markup.text(asked.took_ms).html(" ms</span></p><p><code>").text(&asked.query).html("</code></p>");
    markup.html("<p><span class=\"sr\">").html(word).html("</span>").text(answer).html("</p></div></li>")
}
