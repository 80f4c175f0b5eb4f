//! Checklists by moment: what is open, who ticks it, what was attached, and what Pilothouse sees to itself.

use super::model::{Board, Item, List};
use crate::{
    components::{Empty, Markup},
    forms::{Form, Submit, TextField},
    icons::Icon,
};
use domain::{
    access::Permission,
    gate::{ItemState, ItemStatus},
};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Lists(board: Arc<Board>) -> impl IntoView {
    let lists: Vec<_> =
        board.lists.iter().map(|list| view! { <OneList board=board.clone() list=list.clone()/> }).collect();
    let empty = board.lists.is_empty().then(|| {
        view! {
            <Empty title="No checklists" text="The playbook has none for releases of this type."/>
        }
    });
    view! {
        <section id="lists" class="card" data-live="release environment" data-in-place aria-labelledby="lists-title">
            <h2 id="lists-title">"Checklists"</h2>
            {lists}
            {empty}
        </section>
    }
}

#[component]
fn OneList(board: Arc<Board>, list: List) -> impl IntoView {
    let (all, open) = (list.status.items.len(), list.status.open());
    let mut head =
        Markup::new().html("<span class=\"list-head\"><b>").text(&list.title).html("</b> <span class=\"badge ");
    head = if open == 0 {
        head.html("passed\">").icon(Icon::CIRCLE_CHECK).html("<span>done</span></span>")
    } else {
        head.html("planned\">")
            .icon(Icon::CIRCLE_DASHED)
            .html("<span>")
            .text(all - open)
            .html(" of ")
            .text(all)
            .html("</span></span>")
    };
    head = head.html(" <span class=\"meta\">").text(&list.moment);
    if let Some(env) = &list.env {
        head = head.html(" · ").text(env);
    }
    if let Some(due) = list.status.due {
        head = head.html(" · due ").time(due);
    }
    let head = head.html("</span></span>").view();
    let id = format!("list-{}", list.status.id);
    let mut group: Option<String> = None;
    let rows: Vec<_> = list
        .status
        .items
        .iter()
        .zip(&list.items)
        .map(|(status, item)| {
            let heading = (item.group != group).then(|| {
                group.clone_from(&item.group);
                item.group.clone().map(|group| view! { <li class="group">{group}</li> })
            });
            let key = format!("item-{}-{}", list.status.id, status.id);
            view! {
                {heading}
                <Row board=board.clone() list=list.status.id.to_string() status=status.clone() item=item.clone() key=key/>
            }
        })
        .collect();
    view! {
        <details class="fold list" id=id>
            <summary>{head}</summary>
            <ul class="items">{rows}</ul>
        </details>
    }
}

#[component]
fn Row(board: Arc<Board>, list: String, status: ItemStatus, item: Item, key: String) -> impl IntoView {
    let (icon, tone, word) = match status.state {
        ItemState::Done => (Icon::CIRCLE_CHECK, "passed", "done"),
        ItemState::NotApplicable => (Icon::CIRCLE_SLASH, "planned", "not applicable"),
        ItemState::Open if status.watched => (Icon::CLOCK, "planned", "watched"),
        ItemState::Open => (Icon::CIRCLE_DASHED, "planned", "open"),
    };
    let mut says = Markup::new().html("<div class=\"item-says\"><p>").icon(icon).html("<span class=\"sr\">").html(word);
    says = says.html(": </span><span>").text(&item.text);
    if !item.parts.is_empty() {
        says = says.html(": ").text(item.parts.join(", "));
    }
    says = says.html("</span></p><p class=\"meta\">").text(&item.role);
    if let (Some(by), Some(at)) = (status.by, status.at) {
        says = says.html(" · ").text(board.name(Some(by))).html(" · ").time(at);
    }
    if let Some(reason) = &status.reason {
        says = says.html(" · ").text(reason);
    }
    if let Some(evidence) = &status.evidence {
        let link = evidence.starts_with("https://") || evidence.starts_with("http://");
        says = says.html(" · ");
        says = if link {
            says.html("<a rel=\"noreferrer\" href=\"").text(evidence).html("\">").text(evidence).html("</a>")
        } else {
            says.text(evidence)
        };
    }
    let says = says.html("</p></div>").view();
    let may = board.open && board.may(Permission::Tick);
    let act = may.then(|| view! { <Mark board list status=status.clone() proof=item.proof key=key.clone()/> });
    view! { <li id=key class=format!("item {tone}")>{says} {act}</li> }
}

#[component]
fn Mark(
    board: Arc<Board>,
    list: String,
    status: ItemStatus,
    proof: Option<&'static str>,
    key: String,
) -> impl IntoView {
    let mut about = board.about();
    about.extend([("list", list), ("item", status.id.to_string())]);
    let own_mark = status.by.is_some();
    let aside = move |about: Vec<(&'static str, String)>| {
        let mut about = about;
        about.push(("state", "not_applicable".to_owned()));
        view! {
            <details class="fold" id=format!("na-{key}")>
                <summary>"Not applicable"</summary>
                <Form to="/do/mark_item" about quiet=true>
                    <TextField name="words" label="Why not"/>
                    <Submit label="Set aside" class="small"/>
                </Form>
            </details>
        }
    };
    match (status.state, status.watched) {
        (ItemState::Open, true) => aside(about).into_any(),
        (ItemState::Open, false) => {
            let mut done = about.clone();
            done.push(("state", "done".to_owned()));
            view! {
                <Form to="/do/mark_item" about=done class="inline" quiet=true>
                    {proof.map(|proof| match proof {
                        "link" => view! { <TextField name="words" label="Link" kind="url"/> },
                        "upload" => view! { <TextField name="words" label="Where the upload lies"/> },
                        _ => view! { <TextField name="words" label="Note"/> },
                    })}
                    <Submit label="Tick" icon=Icon::CHECK class="small"/>
                </Form>
                {aside(about)}
            }
            .into_any()
        }
        _ if own_mark => {
            about.push(("state", "open".to_owned()));
            view! {
                <Form to="/do/mark_item" about class="inline" quiet=true>
                    <Submit label="Open again" class="plain small"/>
                </Form>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}
