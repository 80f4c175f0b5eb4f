//! The rollouts of a product, the newest first, filtered by the address.

use super::{badge, face, progress};
use crate::{
    asking::asking,
    components::{Empty, Markup, answered},
    failure::answer,
    icons::Icon,
};
use control::Sight;
use domain::{
    Refusal,
    access::Permission,
    journal::Seq,
    rollout::{Purpose, Rollout, State},
    slug::{EnvName, ProductSlug},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

const ROWS: usize = 50;

const STATES: [State; 11] = [
    State::Pending,
    State::Running,
    State::Paused,
    State::Judging,
    State::Validating,
    State::Live,
    State::Superseded,
    State::RollingBack,
    State::RolledBack,
    State::Failed,
    State::Parked,
];

#[derive(Debug, Clone)]
struct Told {
    product: ProductSlug,
    name: String,
    rows: Vec<(Rollout, State, String)>,
    envs: Vec<String>,
    /// Where the next page begins, if there is one.
    next: Option<Seq>,
    sets: bool,
}

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Filter {
    env: String,
    state: String,
    before: String,
}

#[component]
pub fn DeploymentsPage() -> impl IntoView {
    let product = use_params_map().with_untracked(|params| params.get("product")).unwrap_or_default();
    let filter = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Filter { env: text("env"), state: text("state"), before: text("before") }
    });
    let asked = filter.clone();
    let told = async move { answer(told(&product, &asked)) };
    answered(told, move |told| view! { <List told filter/> }.into_any())
}

fn told(product: &str, filter: &Filter) -> Result<Told, Refusal> {
    let asking = asking()?;
    let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
    let (product, by) = asking.seen(&slug)?;
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let env = given(&filter.env).map(|env| env.parse::<EnvName>()).transpose();
    let env = env.map_err(|no| Refusal::invalid("env", format!("“{}”", no.found), "an environment of the playbook"))?;
    let state = given(&filter.state).map(|name| {
        STATES.into_iter().find(|state| state.name() == name).ok_or_else(|| {
            Refusal::invalid("state", format!("“{name}”"), format!("one of {}", STATES.map(State::name).join(", ")))
        })
    });
    let state = state.transpose()?;
    let before = given(&filter.before).map(|before| before.parse::<Seq>()).transpose();
    let wrong = |_| Refusal::invalid("before", format!("“{}”", filter.before), "what “Older” leads to");
    let before = before.map_err(wrong)?;
    let sight = Sight::of(&asking.control, asking.actor);
    let world = &sight.world;
    let fits = |rollout: &Rollout| {
        env.as_ref().is_none_or(|env| env == &rollout.place.env)
            && state.is_none_or(|state| state == world.rollout_state(rollout))
    };
    let mut found: Vec<(Seq, &Rollout)> =
        world.rollouts_of(&slug, before).filter(|(_, rollout)| fits(rollout)).take(ROWS + 1).collect();
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|(seq, _)| *seq);
    let by_whom =
        |rollout: &Rollout| rollout.started_by.map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id));
    let rows = found.iter().map(|(_, r)| ((*r).clone(), world.rollout_state(r), by_whom(r))).collect();
    let playbook = world.playbook_of(&product);
    let envs = playbook.map_or_else(Vec::new, |p| p.environments.iter().map(|e| e.name.to_string()).collect());
    let sets = by.may(Permission::Administer) || by.may(Permission::Promote);
    Ok(Told { name: product.name.clone(), product: slug, rows, envs, next, sets })
}

#[component]
fn List(told: Told, filter: Filter) -> impl IntoView {
    let Told { product, name, rows, envs, next, sets } = told;
    let title = format!("Deployments of {name}");
    let page = format!("/{product}/deployments");
    let filtered = !(filter.env.is_empty() && filter.state.is_empty());
    let body = if rows.is_empty() {
        if filtered {
            let action = (page.clone(), "Show all");
            view! { <Empty title="No deployment fits" text="Take a filter away to see more." action/> }.into_any()
        } else {
            let action = (format!("/releases?product={product}"), "To the releases");
            let text = "A deployment begins on the page of its release, with the button “Promote”.";
            view! { <Empty title="No deployments yet" text action/> }.into_any()
        }
    } else {
        Markup::new().html("<ul class=\"rows\">").each(&rows, row).html("</ul>").view().into_any()
    };
    let older = next.map(|before| {
        let href = format!("{page}?env={}&state={}&before={before}", filter.env, filter.state);
        view! { <a class="button" rel="next" href=href>"Older"</a> }
    });
    let newest = (!filter.before.is_empty()).then(|| {
        view! { <a class="button" href=format!("{page}?env={}&state={}", filter.env, filter.state)>"Newest"</a> }
    });
    let settings = sets.then(|| {
        let href = format!("/{product}/settings");
        view! { <a class="button" href=href>{Icon::SETTINGS.view()} <span>"Settings"</span></a> }
    });
    let crumb = format!("/releases?product={product}");
    view! {
        <Title text=title/>
        <p class="crumbs"><a href="/releases">"Releases"</a> {Icon::CHEVRON_RIGHT.view()} <a href=crumb>{name}</a></p>
        <div class="page-head"><h1>"Deployments"</h1> {settings}</div>
        <Filters page=page.clone() filter envs/>
        <section id="deployments" data-live="rollout" aria-label="Deployments found">{body}</section>
        <nav class="paging" aria-label="Pages">{newest} {older}</nav>
    }
}

#[component]
fn Filters(page: String, filter: Filter, envs: Vec<String>) -> impl IntoView {
    let option = |value: String, words: String, chosen: &str| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    };
    let envs: Vec<_> = envs.into_iter().map(|env| option(env.clone(), env, &filter.env)).collect();
    let states = STATES.map(|state| option(state.name().to_owned(), face(state).2.to_lowercase(), &filter.state));
    let states: Vec<_> = states.into_iter().collect();
    view! {
        <form class="filters" method="get" action=page role="search" aria-label="Filter deployments">
            <label>
                <span>"Environment"</span>
                <select name="env"><option value="">"All"</option>{envs}</select>
            </label>
            <label>
                <span>"State"</span>
                <select name="state"><option value="">"All"</option>{states}</select>
            </label>
            <button type="submit" class="button">"Filter"</button>
        </form>
    }
}

fn row(markup: Markup, (rollout, state, by): &(Rollout, State, String)) -> Markup {
    let (done, all) = progress(rollout);
    let markup = markup
        .html("<li class=\"row\"><a class=\"row-main\" href=\"/")
        .text(&rollout.place.product)
        .html("/deployments/")
        .text(rollout.id)
        .html("\"><span class=\"what\"><code>")
        .text(&rollout.version)
        .html("</code> ")
        .html(if rollout.purpose == Purpose::Rollback { "back into " } else { "to " })
        .text(&rollout.place.env)
        .html("</span> <span class=\"title\">");
    let markup = match &rollout.strategy {
        Some(strategy) => markup.text(strategy.as_str().replace('_', " ")),
        None => markup.html("way back"),
    };
    let markup = badge(markup.html("</span></a>"), face(*state));
    let markup = if state.is_over() {
        markup
    } else {
        markup.html("<span class=\"meta\">").text(done).html("/").text(all).html("</span>")
    };
    let markup = markup.html("<span class=\"meta\">by ").text(by).html("</span><span class=\"meta when\">");
    markup.time(rollout.started_at).html("</span></li>")
}
