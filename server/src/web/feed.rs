//! The calendar as an iCalendar feed at a personal address: calendar clients send no token, so its secret is in the path.

use super::{Web, rest::Problem};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use control::{
    Control, Sight,
    calendar::{Happening, Source},
};
use domain::{
    Refusal,
    access::{Actor, Via},
    calendar::{Entry, Feed, Period},
    person::PersonId,
};
use http::{HeaderName, HeaderValue, header};
use std::collections::BTreeSet;
use url::Url;

const BEHIND_DAYS: i64 = 31;
const AHEAD_DAYS: i64 = 400;
/// The most products whose rotations are looked through.
const MOST_PRODUCTS: usize = 200;

/// `/calendar/feed/{secret}.ics`. Whatever opens nothing is not there.
pub async fn feed(State(web): State<Web>, Path(file): Path<String>) -> Result<Response, Problem> {
    let secret = file.strip_suffix(".ics").unwrap_or(&file);
    let reader = web.control.reader_of_feed(secret).await?;
    let text = written(&web, reader)?;
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"releases.ics\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=300")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((headers, text).into_response())
}

fn written(web: &Web, reader: PersonId) -> Result<String, Refusal> {
    let now = web.control.now();
    let period = Period::new(now - chrono::Duration::days(BEHIND_DAYS), now + chrono::Duration::days(AHEAD_DAYS))?;
    // What the reader sees when they sign in.
    let sight = Sight::of(&web.control, Actor::Person(reader, Via::Session));
    let mut keys = BTreeSet::new();
    let mut entries: Vec<Entry> = sight.schedule(None, &period).happenings.iter().map(entry).collect();
    entries.extend(turns(&web.control, &sight, reader, &period));
    // Products on two revisions of one playbook may tell the same train twice.
    entries.retain(|entry| keys.insert(entry.key.clone()));
    Ok(Feed::new("Pilothouse releases", &host(web))?.write(entries, now))
}

/// The part of its UID before the host: the same for the same thing for ever, and different in every calendar.
fn entry(happening: &Happening) -> Entry {
    let Happening { source, products, occurrence } = happening;
    let (place, said) = match source {
        Source::Everywhere => ("everywhere".to_owned(), "everywhere".to_owned()),
        Source::Product(product) => (format!("product-{product}"), product.to_string()),
        Source::Playbook(playbook) => {
            let named: Vec<&str> = products.named.iter().map(domain::slug::ProductSlug::as_str).collect();
            let more = if products.count > named.len() {
                format!(" and {} more", products.count - named.len())
            } else {
                String::new()
            };
            (format!("playbook-{playbook}"), format!("{}{more}", named.join(", ")))
        }
    };
    let entry = Entry::from(occurrence);
    Entry { key: format!("{place}.{}", entry.key), detail: format!("{}\nConcerns: {said}", entry.detail), ..entry }
}

/// The reader's own turns of duties that go round.
fn turns(control: &Control, sight: &Sight, reader: PersonId, period: &Period) -> Vec<Entry> {
    let mut found = Vec::new();
    for product in sight.products().take(MOST_PRODUCTS) {
        for duty in sight.duties(&product.slug, period) {
            for turn in duty.turns.iter().filter(|turn| turn.holder == reader) {
                let instead = turn.instead_of.map(|id| format!("\nInstead of {}.", control.name(id)));
                found.push(Entry {
                    key: format!("turn-{}-{}-{}", product.slug, duty.role, turn.starts.format("%Y%m%dT%H%M")),
                    starts: turn.starts,
                    ends: turn.ends,
                    title: format!("{}: {}", product.name, duty.title),
                    detail: format!("Your turn as {}.{}", duty.title, instead.unwrap_or_default()),
                    category: "rotation".to_owned(),
                });
            }
        }
    }
    found
}

/// The public host, which makes UIDs unique in the world.
fn host(web: &Web) -> String {
    let host = Url::parse(&web.base_url()).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "localhost".to_owned())
}
