//! All releases that one may see, filtered by the address, fifty at a time; and the form for a new one.

mod model;
mod new;

pub use model::{ReleaseList, ReleaseRow, SeeReleases, see_releases};
pub use new::{CreateRelease, NewReleasePage, SeeChoices, create_release, see_choices};

use crate::{
    components::{Badge, Empty, When, answered},
    icons::Icon,
};
use domain::release::State;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::fmt::Write as _;

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Filter {
    product: String,
    state: String,
    q: String,
    cursor: String,
}

impl Filter {
    /// The address of the same list from another place.
    fn at(&self, cursor: &str) -> String {
        let mut address = String::from("/releases?");
        for (name, value) in [("product", &self.product), ("state", &self.state), ("q", &self.q)] {
            if !value.is_empty() {
                let _ = write!(address, "{name}={}&", encoded(value));
            }
        }
        address.push_str("cursor=");
        address.push_str(cursor);
        address
    }
}

/// Safe inside a query: everything but letters, digits and a few marks as escapes.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
        out
    })
}

#[component]
pub fn ReleasesPage() -> impl IntoView {
    let filter = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Filter { product: text("product"), state: text("state"), q: text("q"), cursor: text("cursor") }
    });
    let Filter { product, state, q, cursor } = filter.clone();
    let list = see_releases(product, state, q, cursor);
    view! {
        <Title text="Releases"/>
        {answered(list, move |list| view! { <List list filter/> }.into_any())}
    }
}

#[component]
fn List(list: ReleaseList, filter: Filter) -> impl IntoView {
    let ReleaseList { rows, products, next, may_author } = list;
    let filtered = filter.product.len() + filter.state.len() + filter.q.len() > 0;
    let body = if rows.is_empty() {
        let (title, text) = if filtered {
            ("No release fits", "Take a filter away to see more.")
        } else {
            ("No releases yet", "Releases of the products in which you hold a role appear here.")
        };
        match (filtered, may_author) {
            (true, _) => view! { <Empty title text action=("/releases".to_owned(), "Show all")/> }.into_any(),
            (_, true) => view! { <Empty title text action=("/releases/new".to_owned(), "New release")/> }.into_any(),
            _ => view! { <Empty title text/> }.into_any(),
        }
    } else {
        view! { <Table rows/> }.into_any()
    };
    let newest = (!filter.cursor.is_empty()).then(|| view! { <a class="button" href=filter.at("")>"Newest"</a> });
    let older = next.map(|cursor| view! { <a class="button" rel="next" href=filter.at(&cursor)>"Older"</a> });
    let deployments = (!filter.product.is_empty()).then(|| {
        let href = format!("/{}/deployments", encoded(&filter.product));
        let issues = format!("/{}/issues", encoded(&filter.product));
        view! { <a class="button" href=href>"Deployments"</a> <a class="button" href=issues>"Known issues"</a> }
    });
    view! {
        <div class="page-head">
            <h1>"Releases"</h1>
            <div class="actions">
            {deployments}
            {may_author.then(|| view! {
                <a class="button primary" href="/releases/new">{Icon::PLUS.view()} <span>"New release"</span></a>
            })}
            </div>
        </div>
        <Filters filter=filter.clone() products/>
        <section id="releases" data-live="release rollout environment" aria-label="Releases found">{body}</section>
        <nav class="paging" aria-label="Pages">{newest} {older}</nav>
    }
}

#[component]
fn Filters(filter: Filter, products: Vec<(String, String)>) -> impl IntoView {
    let product = filter.product.clone();
    let products: Vec<_> = products
        .into_iter()
        .map(|(slug, name)| {
            let selected = slug == product;
            view! { <option value=slug selected=selected>{name}</option> }
        })
        .collect();
    let states: Vec<_> = State::ALL
        .into_iter()
        .map(|state| {
            let selected = state.name() == filter.state;
            view! { <option value=state.name() selected=selected>{state.name()}</option> }
        })
        .collect();
    view! {
        <form class="filters" method="get" action="/releases" role="search" aria-label="Filter releases">
            <label>
                <span>"Product"</span>
                <select name="product"><option value="">"All"</option>{products}</select>
            </label>
            <label>
                <span>"State"</span>
                <select name="state"><option value="">"All"</option>{states}</select>
            </label>
            <label>
                <span>"Version or title"</span>
                <input type="search" name="q" value=filter.q/>
            </label>
            <button type="submit" class="button">"Filter"</button>
        </form>
    }
}

#[component]
fn Table(rows: Vec<ReleaseRow>) -> impl IntoView {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let ReleaseRow { product, product_name, version, title, kind, standing, blocked_by, author, changed } = row;
            let href = format!("/{product}/releases/{version}");
            view! {
                <tr role="row">
                    <td role="cell"><Badge standing/></td>
                    <td role="cell"><a href=href>{product_name} " " <b>{version.to_string()}</b></a></td>
                    <td role="cell" class="title">{title}</td>
                    <td role="cell">{kind}</td>
                    <td role="cell">{blocked_by}</td>
                    <td role="cell">{author}</td>
                    <td role="cell"><When at=changed/></td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Releases">
            // Roles that a phone's layout of blocks would otherwise take away.
            <table role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"State"</th>
                        <th role="columnheader" scope="col">"Release"</th>
                        <th role="columnheader" scope="col">"Title"</th>
                        <th role="columnheader" scope="col">"Type"</th>
                        <th role="columnheader" scope="col">"In the way"</th>
                        <th role="columnheader" scope="col">"Created by"</th>
                        <th role="columnheader" scope="col">"Changed"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}
