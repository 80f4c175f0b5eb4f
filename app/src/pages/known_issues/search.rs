//! The search over everything that one sees: results while one types, the workaround beside each.

use super::rows::rows;
use crate::{
    asking::asking,
    components::{Empty, Markup, answered},
    failure::answer,
};
use control::{Sight, known_issues::Wanted};
use domain::{
    Refusal,
    known_issue::{KnownIssue, audience_named},
    playbook::Audience,
    release::Version,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

/// The best are enough: more words lead to fewer.
const ROWS: usize = 20;
/// How many products the filter offers.
const PRODUCTS: usize = 200;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Question {
    q: String,
    product: String,
    version: String,
    audience: String,
}

#[derive(Debug, Clone)]
struct Told {
    issues: Vec<Arc<KnownIssue>>,
    found: usize,
    products: Vec<(String, String)>,
}

#[component]
pub fn SearchPage() -> impl IntoView {
    let question = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
        Question { q: text("q"), product: text("product"), version: text("version"), audience: text("audience") }
    });
    let asked = question.clone();
    let told = async move { answer(told(&asked)) };
    answered(told, move |told| view! { <Search told question/> }.into_any())
}

fn told(question: &Question) -> Result<Told, Refusal> {
    let asking = asking()?;
    let sight = Sight::of(&asking.control, asking.actor);
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let product = given(&question.product).map(|text| {
        let slug = text.parse().map_err(|_| Refusal::not_found(format!("product “{text}”")))?;
        if sight.world.product(&slug).is_some() && sight.sees(&slug) {
            Ok(slug)
        } else {
            Err(Refusal::not_found(format!("product “{text}”")))
        }
    });
    let wanted = Wanted {
        product: product.transpose()?,
        version: given(&question.version).map(|text| text.parse::<Version>()).transpose()?,
        audience: given(&question.audience).map(|name| audience_named(&name)).transpose()?,
        severity: None,
        state: None,
        words: question.q.clone(),
    };
    let all = if question.q.is_empty() { Vec::new() } else { asking.control.known_issues(&sight, &wanted) };
    let products = sight.products().take(PRODUCTS).map(|p| (p.slug.to_string(), p.name.clone())).collect();
    Ok(Told { found: all.len(), issues: all.into_iter().take(ROWS).collect(), products })
}

#[component]
fn Search(told: Told, question: Question) -> impl IntoView {
    let Told { issues, found, products } = told;
    let several = products.len() > 1;
    let said = match found {
        _ if question.q.is_empty() => "Words of a title, a description or a workaround; a slip is forgiven.".to_owned(),
        0 => String::new(),
        1 => "One known issue.".to_owned(),
        n if n > ROWS => format!("{n} known issues; the best {ROWS} are here."),
        n => format!("{n} known issues."),
    };
    let body = match (question.q.is_empty(), issues.is_empty()) {
        (true, _) => ().into_any(),
        (_, true) => {
            let text = "Try fewer words, or take a filter away. What nobody reported yet is not found here.";
            view! { <Empty title="Nothing fits" text/> }.into_any()
        }
        _ => rows(Markup::new(), &issues, several).view().into_any(),
    };
    let option = |value: &str, words: String, chosen: &str| {
        let selected = value == chosen;
        view! { <option value=value.to_owned() selected=selected>{words}</option> }
    };
    let products: Vec<_> = products.iter().map(|(slug, name)| option(slug, name.clone(), &question.product)).collect();
    let audiences: Vec<_> =
        Audience::ALL.iter().map(|one| option(one.name(), one.words(), &question.audience)).collect();
    view! {
        <Title text="Search"/>
        <h1>"Search"</h1>
        <form class="filters" method="get" action="/search" role="search" aria-label="Search known issues">
            <label>
                <span>"Words"</span>
                <input type="search" name="q" value=question.q autofocus data-check="/search" data-asks/>
            </label>
            <label>
                <span>"Product"</span>
                <select name="product"><option value="">"All"</option>{products}</select>
            </label>
            <label><span>"Version"</span> <input name="version" value=question.version placeholder="1.4.2"/></label>
            <label>
                <span>"For"</span>
                <select name="audience"><option value="">"Everybody"</option>{audiences}</select>
            </label>
            <button type="submit" class="button">"Search"</button>
        </form>
        <section id="found" class="stack" data-checked aria-label="Found">
            <p class="meta" role="status">{said}</p>
            {body}
        </section>
    }
}
