//! Messages of the playbook: to copy, to fill in, to send by one's own means, and to say so.

use super::model::{Board, Message};
use crate::{
    components::Markup,
    forms::{Choice, Form, Submit, TextArea},
    icons::Icon,
};
use domain::access::Permission;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Messages(board: Arc<Board>) -> impl IntoView {
    if board.messages.is_empty() {
        return ().into_any();
    }
    let all: Vec<_> =
        board.messages.iter().map(|message| view! { <One board=board.clone() message=message.clone()/> }).collect();
    view! {
        <section id="messages" class="card" data-live="release" data-in-place aria-labelledby="messages-title">
            <h2 id="messages-title">"Messages"</h2>
            {all}
        </section>
    }
    .into_any()
}

#[component]
fn One(board: Arc<Board>, message: Message) -> impl IntoView {
    let sent = !message.sent.is_empty();
    let head =
        Markup::new().html("<span class=\"list-head\"><b>").text(&message.title).html("</b> <span class=\"badge ");
    let head = if sent {
        head.html("passed\">").icon(Icon::CIRCLE_CHECK).html("<span>sent</span></span>")
    } else {
        head.html("planned\">").icon(Icon::CIRCLE_DASHED).html("<span>not sent</span></span>")
    };
    let head = head
        .html(" <span class=\"meta\">")
        .text(&message.moment)
        .html(" · by the ")
        .text(&message.sender)
        .html(" · to ")
        .text(&message.audience)
        .html("</span></span>")
        .view();
    let sendings = message.sent.iter().fold(Markup::new().html("<ul class=\"proofs\">"), |markup, sent| {
        let channel = sent.channel.as_ref().map(|c| format!(" by {c}")).unwrap_or_default();
        markup
            .html("<li>Sent")
            .text(channel)
            .html(" · ")
            .text(board.name(sent.by))
            .html(" · ")
            .time(sent.at)
            .html("</li>")
    });
    let gaps = (!message.gaps.is_empty()).then(|| {
        let words = format!("To fill in: {}.", message.gaps.join(", "));
        view! { <p class="aside warning">{Icon::PENCIL.view()} <span>{words}</span></p> }
    });
    let mut about = board.about();
    about.push(("message", message.id.clone()));
    let rows = u32::try_from(message.words.lines().count().clamp(3, 14)).unwrap_or(6);
    let words = message.words.clone();
    let form = (board.open && board.may(Permission::Tick)).then(|| {
        let channels = message.channels.clone();
        view! {
            <Form to="/do/sent_message" about>
                <TextArea name="text" label="The words" value=message.words.clone() rows=rows/>
                <Choice name="channel" label="Sent by" options=channels/>
                <Submit label="Sent by me" icon=Icon::CHECK/>
            </Form>
        }
    });
    view! {
        <details class="fold list" id=format!("message-{}", message.id)>
            <summary>{head}</summary>
            {sent.then(|| sendings.html("</ul>").view())}
            {gaps}
            <p class="actions live-only">
                <button type="button" class="button small" data-copy=words>{Icon::COPY.view()} <span>"Copy the template"</span></button>
            </p>
            {form}
        </details>
    }
}
