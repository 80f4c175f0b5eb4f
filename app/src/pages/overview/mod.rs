//! Overview: what waits for me, what changed last, and the products with their newest version.

mod model;

pub use model::{ChangeRow, Overview, ProductRow, SeeOverview, WaitingRow, see_overview};

use crate::{
    components::{Empty, Markup, Rows, answered},
    icons::Icon,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn OverviewPage() -> impl IntoView {
    view! {
        <Title text="Overview"/>
        {answered(see_overview(), move |overview| view! { <Sections overview/> }.into_any())}
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
        <div class="columns overview">
            <div class="stack wide">
                <WaitingForMe waiting count=waiting_count/>
                <LatestChanges changes/>
            </div>
            <Products products more=more_products may_administer/>
        </div>
    }
}

#[component]
fn WaitingForMe(waiting: Vec<WaitingRow>, count: usize) -> impl IntoView {
    let more = count.saturating_sub(waiting.len());
    let list = if waiting.is_empty() {
        let text = "Releases that need your decision appear here, the oldest first.";
        view! { <Empty title="Nothing waits for you" text/> }.into_any()
    } else {
        view! { <Rows rows=waiting.into_iter().map(waiting_row).collect()/> }.into_any()
    };
    let rest = (more > 0).then(|| {
        let words =
            if count > 99 { "More than 89 others wait too".to_owned() } else { format!("{more} more wait too") };
        view! { <p><a href="/releases?state=candidate">{words}</a></p> }
    });
    view! {
        <section id="waiting" data-live="release" aria-labelledby="waiting-title">
            <div class="section-head"><h2 id="waiting-title">"Waits for you"</h2></div>
            {list}
            {rest}
        </section>
    }
}

fn waiting_row(row: WaitingRow) -> Markup {
    let WaitingRow { product, version, title, role, since } = row;
    Markup::new()
        .html("<li class=\"row waits\">")
        .icon(Icon::HAND)
        .html("<a class=\"row-main\" href=\"/")
        .text(&product)
        .html("/releases/")
        .text(&version)
        .html("#approval\"><span class=\"what\">")
        .text(&product)
        .html(" <code>")
        .text(&version)
        .html("</code></span> <span class=\"title\">")
        .text(title)
        .html("</span></a><span class=\"meta\">as ")
        .text(role.words())
        .html("</span><span class=\"meta when\">")
        .time(since)
        .html("</span></li>")
}

#[component]
fn LatestChanges(changes: Vec<ChangeRow>) -> impl IntoView {
    let list = if changes.is_empty() {
        let text = "Every change to a release that you may see appears here.";
        view! { <Empty title="No releases yet" text/> }.into_any()
    } else {
        view! { <Rows rows=changes.into_iter().map(change_row).collect()/> }.into_any()
    };
    view! {
        <section id="changes" data-live="release" aria-labelledby="changes-title">
            <div class="section-head"><h2 id="changes-title">"Latest changes"</h2></div>
            {list}
        </section>
    }
}

fn change_row(row: ChangeRow) -> Markup {
    let ChangeRow { product, version, title, standing, at } = row;
    Markup::new()
        .html("<li class=\"row\"><a class=\"row-main\" href=\"/")
        .text(&product)
        .html("/releases/")
        .text(&version)
        .html("\"><span class=\"what\">")
        .text(&product)
        .html(" <code>")
        .text(&version)
        .html("</code></span> <span class=\"title\">")
        .text(title)
        .html("</span></a>")
        .badge(standing)
        .html("<span class=\"meta when\">")
        .time(at)
        .html("</span></li>")
}

#[component]
fn Products(products: Vec<ProductRow>, more: bool, may_administer: bool) -> impl IntoView {
    let list = if products.is_empty() {
        let action = may_administer.then(|| ("/admin/products".to_owned(), "Create the first product"));
        let text = "A product is what you release, under one playbook. You see those in which you hold a role.";
        match action {
            Some(action) => view! { <Empty title="No products yet" text action/> }.into_any(),
            None => view! { <Empty title="No products yet" text/> }.into_any(),
        }
    } else {
        view! { <Rows rows=products.into_iter().map(product_row).collect() class="rows product-list"/> }.into_any()
    };
    view! {
        <section id="products" data-live="release product" aria-labelledby="products-title">
            <div class="section-head"><h2 id="products-title">"Products"</h2><span class="count">"newest version"</span></div>
            {list}
            {more.then(|| view! { <p><a href="/releases">"All releases of all products"</a></p> })}
        </section>
    }
}

fn product_row(row: ProductRow) -> Markup {
    let ProductRow { slug, name, newest } = row;
    let markup = Markup::new()
        .html("<li class=\"row\"><a class=\"name\" href=\"/releases?product=")
        .text(&slug)
        .html("\">")
        .text(name)
        .html("</a>");
    match newest {
        Some((version, standing)) => markup
            .html("<a href=\"/")
            .text(&slug)
            .html("/releases/")
            .text(&version)
            .html("\"><code>")
            .text(&version)
            .html("</code></a>")
            .badge(standing)
            .html("</li>"),
        None => markup.html("<span class=\"meta\">no release yet</span></li>"),
    }
}
