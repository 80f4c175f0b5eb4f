//! What happened to a known issue, the newest first; every event has an address of its own.

use crate::{asking::Asking, components::Markup, icons::Icon};
use domain::{
    Refusal, Timestamp,
    journal::{Envelope, Fact, Seq, Stream},
    known_issue::{Event, KnownIssueId},
    slug::ProductSlug,
};

/// How many events are shown.
const EVENTS: u64 = 50;

#[derive(Debug, Clone)]
struct Line {
    seq: Seq,
    at: Timestamp,
    by: String,
    event: Event,
}

#[derive(Debug, Clone)]
pub struct History(Vec<Line>);

pub async fn history(asking: &Asking, product: &ProductSlug, id: KnownIssueId) -> Result<History, Refusal> {
    let stream = Stream::KnownIssue(product.clone(), id);
    let version = asking.control.world().version(&stream);
    let rows = asking.control.journal().read_stream(&stream, version.saturating_sub(EVENTS), 1_000).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let Envelope { seq, at, actor, fact, .. } = row.envelope()?;
        if let Fact::KnownIssue(event) = fact {
            let by = actor.person().map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id));
            lines.push(Line { seq, at, by, event });
        }
    }
    Ok(History(lines))
}

impl History {
    pub fn section(&self) -> Markup {
        Markup::new()
            .html("<section aria-labelledby=\"history-title\"><h2 id=\"history-title\">History</h2><ul class=\"timeline\">")
            .each(&self.0, line)
            .html("</ul></section>")
    }
}

fn line(markup: Markup, Line { seq, at, by, event }: &Line) -> Markup {
    let (tone, icon) = match event {
        Event::Reported { .. } | Event::Reopened { .. } => ("warning", Icon::TRIANGLE_ALERT),
        Event::Edited { .. } => ("running", Icon::PENCIL),
        Event::Fixed { .. } => ("passed", Icon::CHECK),
        Event::Closed { .. } => ("planned", Icon::X),
    };
    let markup = markup.html("<li class=\"event ").html(tone).html("\" id=\"e").text(seq);
    let markup = markup.html("\"><span class=\"mark\">").icon(icon).html("</span><span><b>").text(by).html("</b> ");
    let (markup, words) = match event {
        Event::Reported { .. } => (markup.html("reported it"), None),
        Event::Edited { .. } => (markup.html("edited it"), None),
        Event::Fixed { version } => (markup.html("said that it is fixed in ").text(version), None),
        Event::Closed { reason } => (markup.html("closed it"), Some(reason)),
        Event::Reopened { reason } => (markup.html("opened it again"), Some(reason)),
    };
    let markup = markup.html("</span><a href=\"#e").text(seq).html("\">").time(*at).html("</a>");
    let markup = match words {
        Some(words) => markup.html("<blockquote>").text(words).html("</blockquote>"),
        None => markup,
    };
    markup.html("</li>")
}
