//! The record itself: who did what and when, for administrators.

mod model;

pub use model::{AuditPageView, AuditRow, SeeAudit, see_audit};

use crate::components::{DigestText, Empty, When, answered};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn AuditPage() -> impl IntoView {
    let (stream, before) = use_query_map().with_untracked(|query| {
        let text = |name: &str| query.get(name).unwrap_or_default();
        (text("stream"), text("before"))
    });
    view! {
        <Title text="Audit"/>
        <h1>"Audit"</h1>
        {answered(see_audit(stream.clone(), before), move |page| view! { <Record page stream/> }.into_any())}
    }
}

#[component]
fn Record(page: AuditPageView, stream: String) -> impl IntoView {
    let AuditPageView { rows, next, head_seq, head_hash } = page;
    let older = next.map(|before| {
        let href = format!("/audit?stream={stream}&before={before}");
        view! { <a class="button" rel="next" href=href>"Older"</a> }
    });
    let body = if rows.is_empty() {
        view! { <Empty title="No event fits" text="Streams are called release/shop/1.4.2, product/shop, person/ID or playbook/orca."/> }.into_any()
    } else {
        view! { <Table rows/> }.into_any()
    };
    view! {
        <p class="lead">
            "Every event is chained to the one before it. The record ends at event " <b>{head_seq.to_string()}</b>
            " with the hash "
        </p>
        <DigestText digest=head_hash/>
        <p class="hint">
            "Keep a "<a href="/api/v1/audit/checkpoint" rel="external">"signed checkpoint"</a>
            " elsewhere; with it "<code>"pilothouse verify-audit"</code>" finds a shortened record too. "
            <a href="/api/v1/audit" rel="external">"Export as JSON"</a> "."
        </p>
        <form class="filters" method="get" action="/audit" role="search" aria-label="Filter the record">
            <label>
                <span>"Stream"</span>
                <input type="search" name="stream" value=stream placeholder="release/shop/1.4.2"/>
            </label>
            <button type="submit" class="button">"Filter"</button>
        </form>
        {body}
        <nav class="paging" aria-label="Pages">{older}</nav>
    }
}

#[component]
fn Table(rows: Vec<AuditRow>) -> impl IntoView {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let AuditRow { seq, at, actor, way, kind, stream, place, body, hash } = row;
            let about = match place {
                Some(href) => view! { <a href=href>{stream}</a> }.into_any(),
                None => view! { <span>{stream}</span> }.into_any(),
            };
            view! {
                <tr id=format!("e{seq}")>
                    <td><a href=format!("#e{seq}")>{seq.to_string()}</a></td>
                    <td><When at/></td>
                    <td>{actor} <span class="meta">{way}</span></td>
                    <td><code>{kind}</code></td>
                    <td>{about}</td>
                    <td>
                        <details>
                            <summary>"Body"</summary>
                            <pre>{body}</pre>
                            <p class="meta">"hash " <code>{hash}</code></p>
                        </details>
                    </td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Events">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Event"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"About"</th>
                        <th scope="col">"Details"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
