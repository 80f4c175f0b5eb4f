//! The known issues of a product, filtered by the address, and the form for a new one.

use super::{keeping::Report, rows::rows};
use crate::{
    asking::asking,
    components::{Empty, Markup, answered},
    failure::answer,
    icons::Icon,
};
use control::{Sight, known_issues::Wanted};
use domain::{
    Refusal,
    known_issue::{self, KnownIssue, State, may_keep, severities},
    playbook::Audience,
    release::Version,
    slug::ProductSlug,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::{fmt::Write as _, sync::Arc};

const ROWS: usize = 50;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Filter {
    q: String,
    version: String,
    audience: String,
    severity: String,
    /// Open ones when left out; `all` for all.
    state: String,
    from: String,
    /// What the form for a new one begins with.
    affected: String,
}

#[derive(Debug, Clone)]
struct Told {
    product: ProductSlug,
    name: String,
    issues: Vec<Arc<KnownIssue>>,
    /// How many fit, and where in them this page begins.
    found: usize,
    from: usize,
    severities: Vec<(String, String)>,
    may_keep: bool,
}

#[component]
pub fn KnownIssuesPage() -> impl IntoView {
    let product = use_params_map().with_untracked(|params| params.get("product")).unwrap_or_default();
    let filter = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
        Filter {
            q: text("q"),
            version: text("version"),
            audience: text("audience"),
            severity: text("severity"),
            state: text("state"),
            from: text("from"),
            affected: text("affected"),
        }
    });
    let asked = filter.clone();
    let told = async move { answer(told(&product, &asked)) };
    answered(told, move |told| view! { <List told filter/> }.into_any())
}

fn told(product: &str, filter: &Filter) -> Result<Told, Refusal> {
    let asking = asking()?;
    let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
    let (product, by) = asking.seen(&slug)?;
    let wanted = filter.wanted(&slug)?;
    let sight = Sight::of(&asking.control, asking.actor);
    let all = asking.control.known_issues(&sight, &wanted);
    let from = filter.from.parse().unwrap_or(0);
    let severities = sight.world.playbook_of(&product).map(severities).unwrap_or_default();
    Ok(Told {
        found: all.len(),
        from,
        issues: all.into_iter().skip(from).take(ROWS).collect(),
        severities,
        may_keep: may_keep(&slug, &by).is_ok(),
        name: product.name.clone(),
        product: slug,
    })
}

impl Filter {
    fn wanted(&self, product: &ProductSlug) -> Result<Wanted, Refusal> {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let severity = given(&self.severity).map(|text| text.parse()).transpose();
        let severity = severity
            .map_err(|_| Refusal::invalid("severity", format!("“{}”", self.severity), "a severity such as sev1"))?;
        let state = match self.state.as_str() {
            "all" => None,
            "" => Some(State::Open),
            name => Some(known_issue::state_named(name)?),
        };
        let version = given(&self.version).map(|text| text.parse::<Version>()).transpose();
        Ok(Wanted {
            product: Some(product.clone()),
            // Whatever a version has is asked for, fixed in a later one or not.
            state: if self.version.is_empty() || !self.state.is_empty() { state } else { None },
            version: version?,
            audience: given(&self.audience).map(|name| known_issue::audience_named(&name)).transpose()?,
            severity,
            words: self.q.clone(),
        })
    }

    /// The same list from another place.
    fn at(&self, page: &str, from: usize) -> String {
        let mut address = format!("{page}?from={from}");
        let fields = [
            ("q", &self.q),
            ("version", &self.version),
            ("audience", &self.audience),
            ("severity", &self.severity),
            ("state", &self.state),
        ];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(address, "&{name}={}", leptos_router::location::Url::escape(value));
        }
        address
    }

    fn narrows(&self) -> bool {
        let fields = [&self.q, &self.version, &self.audience, &self.severity];
        fields.iter().any(|field| !field.is_empty()) || !matches!(self.state.as_str(), "" | "all")
    }
}

#[component]
fn List(told: Told, filter: Filter) -> impl IntoView {
    let Told { product, name, issues, found, from, severities, may_keep } = told;
    let page = format!("/{product}/issues");
    let title = format!("Known issues of {name}");
    let body = if issues.is_empty() {
        if filter.narrows() {
            let action = (format!("{page}?state=all"), "Show all");
            view! { <Empty title="No known issue fits" text="Take a filter away to see more." action/> }.into_any()
        } else {
            let text = "What is broken and what helps meanwhile stands here, until a release mends it.";
            view! { <Empty title="No open issue is known" text action=(format!("{page}?state=all"), "Show all")/> }
                .into_any()
        }
    } else {
        rows(Markup::new(), &issues, false).view().into_any()
    };
    let before = (from > 0).then(|| {
        let href = filter.at(&page, from.saturating_sub(ROWS));
        view! { <a class="button" rel="prev" href=href>"Previous"</a> }
    });
    let next = (from + ROWS < found).then(|| {
        let href = filter.at(&page, from + ROWS);
        view! { <a class="button" rel="next" href=href>"Next"</a> }
    });
    let copy = (!issues.is_empty()).then(|| {
        let all: Vec<String> = issues.iter().map(|issue| known_issue::told(issue)).collect();
        view! { <super::one::AsText text=all.join("\n---\n\n")/> }
    });
    let report = may_keep.then(|| {
        let (product, severities, affected) = (product.to_string(), severities.clone(), filter.affected.clone());
        view! { <Report product severities affected/> }
    });
    view! {
        <Title text=title/>
        <p class="crumbs">
            <a href="/releases">"Releases"</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/releases?product={product}")>{name}</a>
        </p>
        <div class="page-head"><h1>"Known issues"</h1> <a class="button" href="/search">{Icon::SEARCH.view()} <span>"Search all products"</span></a></div>
        <Filters page=page.clone() filter severities/>
        <section id="issues" class="stack" data-live="known_issue" aria-label="Known issues found">
            {body}
            {copy}
        </section>
        <nav class="paging" aria-label="Pages">{before} {next}</nav>
        {report}
    }
}

#[component]
fn Filters(page: String, filter: Filter, severities: Vec<(String, String)>) -> impl IntoView {
    let option = |value: &str, words: String, chosen: &str| {
        let selected = value == chosen;
        view! { <option value=value.to_owned() selected=selected>{words}</option> }
    };
    let severities: Vec<_> = severities.iter().map(|(id, title)| option(id, title.clone(), &filter.severity)).collect();
    let audiences: Vec<_> = Audience::ALL.iter().map(|one| option(one.name(), one.words(), &filter.audience)).collect();
    let states: Vec<_> = State::ALL
        .into_iter()
        .map(|state| (state.name(), state.name().to_owned()))
        .chain([("all", "all".to_owned())])
        .map(|(value, words)| {
            let chosen =
                if filter.state.is_empty() && filter.version.is_empty() { "open" } else { filter.state.as_str() };
            let chosen = if chosen.is_empty() { "all" } else { chosen };
            option(value, words, chosen)
        })
        .collect();
    view! {
        <form class="filters" method="get" action=page role="search" aria-label="Filter known issues">
            <label><span>"Words"</span> <input type="search" name="q" value=filter.q/></label>
            <label><span>"Version"</span> <input name="version" value=filter.version placeholder="1.4.2"/></label>
            <label>
                <span>"State"</span>
                <select name="state">{states}</select>
            </label>
            <label>
                <span>"Severity"</span>
                <select name="severity"><option value="">"All"</option>{severities}</select>
            </label>
            <label>
                <span>"For"</span>
                <select name="audience"><option value="">"Everybody"</option>{audiences}</select>
            </label>
            <button type="submit" class="button">"Filter"</button>
        </form>
    }
}
