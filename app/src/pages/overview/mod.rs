//! Overview: what waits for me, what changed last, and the products with their newest version.

mod model;

pub use model::{ChangeRow, Overview, ProductRow, SeeOverview, WaitingRow, see_overview};

use crate::{
    components::{Badge, Empty, RefusalPage, When},
    icons::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| see_overview());
    view! {
        <Title text="Overview"/>
        <Transition>
            {move || Suspend::new(async move {
                match overview.await {
                    Ok(overview) => view! { <Sections overview/> }.into_any(),
                    Err(failure) => view! { <RefusalPage refusal=failure.0/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Sections(overview: Overview) -> impl IntoView {
    let Overview { waiting, waiting_count, changes, products, more_products, may_author, may_administer } = overview;
    view! {
        <div class="page-head">
            <h1>"Overview"</h1>
            {may_author.then(|| view! {
                <a class="button primary" href="/releases/new">{Icon::PLUS.view()} <span>"New release"</span></a>
            })}
        </div>
        <WaitingForMe waiting count=waiting_count/>
        <LatestChanges changes/>
        <Products products more=more_products may_administer/>
    }
}

#[component]
fn WaitingForMe(waiting: Vec<WaitingRow>, count: usize) -> impl IntoView {
    let more = count.saturating_sub(waiting.len());
    let rows: Vec<_> = waiting
        .into_iter()
        .map(|row| {
            let WaitingRow { product, version, title, role, since } = row;
            view! {
                <li class="row waits">
                    <a class="row-main" href=format!("/{product}/releases/{version}#approval")>
                        {Icon::HAND.view()} <span class="what">{product.to_string()} " " <b>{version.to_string()}</b></span>
                        <span class="title">{title}</span>
                    </a>
                    <span class="meta">"as " {role.words()}</span>
                    <span class="meta"><When at=since/></span>
                </li>
            }
        })
        .collect();
    let list = if rows.is_empty() {
        view! { <Empty title="Nothing waits for you" text="Releases that need your decision appear here, the oldest first."/> }
            .into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let rest = (more > 0).then(|| {
        let words = if count > 99 { "and more than 89 others".to_owned() } else { format!("and {more} more") };
        view! { <p class="meta"><a href="/releases?state=candidate">{words}</a></p> }
    });
    view! {
        <section id="waiting" aria-labelledby="waiting-title">
            <h2 id="waiting-title">"Waits for you"</h2>
            {list}
            {rest}
        </section>
    }
}

#[component]
fn LatestChanges(changes: Vec<ChangeRow>) -> impl IntoView {
    let rows: Vec<_> = changes
        .into_iter()
        .map(|row| {
            let ChangeRow { product, version, title, standing, at } = row;
            view! {
                <li class="row">
                    <a class="row-main" href=format!("/{product}/releases/{version}")>
                        <span class="what">{product.to_string()} " " <b>{version.to_string()}</b></span>
                        <span class="title">{title}</span>
                    </a>
                    <Badge standing/>
                    <span class="meta"><When at/></span>
                </li>
            }
        })
        .collect();
    let list = if rows.is_empty() {
        view! { <Empty title="No releases yet" text="Every change to a release that you may see appears here."/> }
            .into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="changes-title">
            <h2 id="changes-title">"Latest changes"</h2>
            {list}
        </section>
    }
}

#[component]
fn Products(products: Vec<ProductRow>, more: bool, may_administer: bool) -> impl IntoView {
    let cards: Vec<_> = products
        .into_iter()
        .map(|ProductRow { slug, name, newest }| {
            let newest = match newest {
                Some((version, standing)) => {
                    let href = format!("/{slug}/releases/{version}");
                    view! { <p><a href=href><code>{version.to_string()}</code></a> " " <Badge standing/></p> }
                        .into_any()
                }
                None => view! { <p class="meta">"No release yet"</p> }.into_any(),
            };
            view! {
                <li class="product">
                    <h3><a href=format!("/releases?product={slug}")>{name}</a></h3>
                    {newest}
                </li>
            }
        })
        .collect();
    let list = if cards.is_empty() {
        let action = may_administer.then(|| ("/admin/products".to_owned(), "Create the first product"));
        let text = "A product is what you release, under one playbook. You see those in which you hold a role.";
        match action {
            Some(action) => view! { <Empty title="No products yet" text action/> }.into_any(),
            None => view! { <Empty title="No products yet" text/> }.into_any(),
        }
    } else {
        view! { <ul class="products">{cards}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="products-title">
            <h2 id="products-title">"Products"</h2>
            {list}
            {more.then(|| view! { <p class="meta"><a href="/releases">"All releases of all products"</a></p> })}
        </section>
    }
}
