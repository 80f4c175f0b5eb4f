//! All releases that one may see, filtered by the address, fifty at a time; and the form for a new one.

mod model;
mod new;

pub use model::{ReleaseList, ReleaseRow, SeeReleases, see_releases};
pub use new::{CreateRelease, NewReleasePage, SeeChoices, create_release, see_choices};

use crate::{
    components::{Badge, Empty, RefusalPage, When},
    icons::Icon,
};
use domain::release::State;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

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
                address.push_str(&format!("{name}={}&", encoded(value)));
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
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}

#[component]
pub fn ReleasesPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        let text = |name: &str| query.with(|q| q.get(name)).unwrap_or_default();
        Filter { product: text("product"), state: text("state"), q: text("q"), cursor: text("cursor") }
    });
    let list = Resource::new(move || filter.get(), |f| see_releases(f.product, f.state, f.q, f.cursor));
    view! {
        <Title text="Releases"/>
        <Transition>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(list) => view! { <List list filter=filter.get_untracked()/> }.into_any(),
                    Err(failure) => view! { <RefusalPage refusal=failure.0/> }.into_any(),
                }
            })}
        </Transition>
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
    let newest =
        (!filter.cursor.is_empty()).then(|| view! { <a class="button" href=filter.at("")>"Newest"</a> });
    let older = next.map(|cursor| view! { <a class="button" rel="next" href=filter.at(&cursor)>"Older"</a> });
    view! {
        <div class="page-head">
            <h1>"Releases"</h1>
            {may_author.then(|| view! {
                <a class="button primary" href="/releases/new">{Icon::PLUS.view()} <span>"New release"</span></a>
            })}
        </div>
        <Filters filter=filter.clone() products/>
        <section id="releases" data-live="release" aria-label="Releases found">{body}</section>
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
            let ReleaseRow { product, product_name, version, title, kind, standing, waits_for, author, changed } = row;
            let href = format!("/{product}/releases/{version}");
            view! {
                <tr>
                    <td><Badge standing/></td>
                    <td><a href=href>{product_name} " " <b>{version.to_string()}</b></a></td>
                    <td class="title">{title}</td>
                    <td>{kind}</td>
                    <td>{waits_for}</td>
                    <td>{author}</td>
                    <td><When at=changed/></td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Releases">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"State"</th>
                        <th scope="col">"Release"</th>
                        <th scope="col">"Title"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Waits for"</th>
                        <th scope="col">"Created by"</th>
                        <th scope="col">"Changed"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
