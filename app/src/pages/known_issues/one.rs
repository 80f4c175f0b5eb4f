//! One known issue: what helps first, then what is wrong, for whom, and what became of it.

use super::{
    history::{History, history},
    keeping::Keeping,
    rows::{badge, versions},
};
use crate::{
    asking::asking,
    components::{Markup, answered},
    failure::answer,
    icons::Icon,
};
use domain::{
    Refusal,
    known_issue::{self, KnownIssue, KnownIssueId, may_keep, severities},
    slug::ProductSlug,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[derive(Debug, Clone)]
struct Told {
    issue: KnownIssue,
    product_name: String,
    reported_by: String,
    severities: Vec<(String, String)>,
    history: History,
    may_keep: bool,
}

#[component]
pub fn KnownIssuePage() -> impl IntoView {
    let (product, issue) = use_params_map().with_untracked(|params| {
        let text = |name: &str| params.get(name).unwrap_or_default();
        (text("product"), text("issue"))
    });
    let told = async move { answer(told(&product, &issue).await) };
    answered(told, |told| view! { <Told told/> }.into_any())
}

async fn told(product: &str, issue: &str) -> Result<Told, Refusal> {
    let asking = asking()?;
    let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
    let (product, by) = asking.seen(&slug)?;
    let id: KnownIssueId = issue.parse().map_err(|_| Refusal::not_found("known issue with this id"))?;
    let world = asking.control.world();
    let issue = world.known_issue(&slug, id).ok_or_else(|| Refusal::not_found("known issue with this id"))?;
    Ok(Told {
        issue: KnownIssue::clone(issue),
        product_name: product.name.clone(),
        reported_by: issue.reported_by.map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id)),
        severities: world.playbook_of(&product).map(severities).unwrap_or_default(),
        history: history(&asking, &slug, id).await?,
        may_keep: may_keep(&slug, &by).is_ok(),
    })
}

#[component]
fn Told(told: Told) -> impl IntoView {
    let Told { issue, product_name, reported_by, severities, history, may_keep } = told;
    let product = issue.product.clone();
    let text = known_issue::told(&issue);
    let title = issue.details.title.clone();
    let keeping = may_keep.then(|| {
        let issue = issue.clone();
        view! { <Keeping issue severities/> }
    });
    let helps = match &issue.details.workaround {
        Some(workaround) => Markup::new().html("<div class=\"words\">").text(workaround).html("</div>"),
        None => Markup::new()
            .html("<p class=\"aside\">")
            .icon(Icon::TRIANGLE_ALERT)
            .html("<span>None is known yet.</span></p>"),
    };
    let description = Markup::new().html("<div class=\"words\">").text(&issue.details.description).html("</div>");
    let state = badge(Markup::new(), issue.state()).view();
    view! {
        <Title text=title.clone()/>
        <p class="crumbs">
            <a href="/releases">"Releases"</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/releases?product={product}")>{product_name}</a> {Icon::CHEVRON_RIGHT.view()}
            <a href=format!("/{product}/issues")>"Known issues"</a>
        </p>
        <section id="issue" class="stack" data-live="known_issue" data-in-place aria-label="Known issue">
            <div class="issue-head"><h1>{title}</h1> {state}</div>
            <div class="columns">
                <div class="stack wide">
                    <section class="card" aria-labelledby="workaround-title">
                        <h2 id="workaround-title">"Workaround"</h2>
                        {helps.view()}
                    </section>
                    <section class="card" aria-labelledby="description-title">
                        <h2 id="description-title">"What is wrong"</h2>
                        {description.view()}
                    </section>
                </div>
                <div class="stack">
                    <section class="card" aria-labelledby="facts-title">
                        <h2 id="facts-title">"Facts"</h2>
                        {facts(&issue, &reported_by).view()}
                    </section>
                    <AsText text/>
                    {keeping}
                </div>
            </div>
            {history.section().view()}
        </section>
    }
}

fn facts(issue: &KnownIssue, reported_by: &str) -> Markup {
    let details = &issue.details;
    let audience: Vec<String> = details.audience.iter().map(|one| one.words()).collect();
    let markup = versions(Markup::new().html("<dl class=\"facts\"><dt>Versions</dt><dd>"), issue);
    let markup = markup.html("</dd><dt>Severity</dt><dd>").text(&details.severity).html("</dd><dt>For</dt><dd>");
    let markup = markup.text(domain::text::list(&audience)).html("</dd>");
    let markup = match &details.tracking {
        Some(address) => {
            let markup = markup.html("<dt>Tracked at</dt><dd><a rel=\"noreferrer\" href=\"").text(address).html("\">");
            markup.text(address).html("</a></dd>")
        }
        None => markup,
    };
    let markup = match &issue.closed {
        Some(closed) => markup.html("<dt>Closed</dt><dd>").text(&closed.reason).html("</dd>"),
        None => markup,
    };
    markup.html("<dt>Reported</dt><dd>").text(reported_by).html(", ").time(issue.reported_at).html("</dd></dl>")
}

/// The same as plain text: to be copied by a button, or by hand where no scripts run.
#[component]
pub fn AsText(text: String) -> impl IntoView {
    let markup = Markup::new()
        .html("<details class=\"as-text\"><summary>As text</summary><pre tabindex=\"0\" role=\"group\" aria-label=\"As text\">")
        .text(&text)
        .html("</pre><button type=\"button\" class=\"button copy-wide live-only\" data-copy=\"")
        .text(&text)
        .html("\">")
        .icon(Icon::COPY)
        .html("<span>Copy</span></button></details>");
    markup.view()
}
