//! One reader's stream: greeting, what was missed, then everything new until their rights change.

use super::{Sight, seats::Seat};
use crate::web::{
    Web,
    credential::{Caller, Credential},
    rest::Problem,
};
use axum::{
    Extension,
    extract::{Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use control::Announcement;
use domain::{
    Class, Refusal,
    access::Actor,
    environment::EnvironmentId,
    journal::{Envelope, Fact, Seq, Stream},
    person,
};
use futures::{Stream as FutureStream, StreamExt as _, stream};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval, interval_at},
};

/// Whoever missed more looks at everything anew instead.
const MOST_MISSED: u64 = 1_000;
/// How often a quiet stream says that it lives and checks that its reader may still listen.
const HEARTBEAT: Duration = Duration::from_secs(10);

#[derive(Debug, Deserialize)]
pub struct Since {
    /// A page says up to where it was rendered, on its first connection; later ones send Last-Event-ID.
    #[serde(alias = "after")]
    since: Option<Seq>,
}

/// `GET /events`.
pub async fn events(
    State(web): State<Web>,
    caller: Caller,
    Extension(credential): Extension<Credential>,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let person = caller.person()?;
    let seat = web.seats.take(person).ok_or_else(|| Refusal {
        retry_after_seconds: Some(10),
        ..Refusal::new(Class::Throttled, "You have 20 live connections open already; close some tabs.")
    })?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
    let listener = Listener::open(web, caller.0, credential, seat, last.or(query.since)).await?;
    let mut response = Sse::new(listener.into_stream()).into_response();
    // Proxies must pass each line on at once.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Listener {
    web: Web,
    reader: Actor,
    credential: Credential,
    news: Receiver<Announcement>,
    looks: Receiver<EnvironmentId>,
    /// The last event that is behind this reader.
    seen: Seq,
    first: Vec<Event>,
    heartbeat: Interval,
    _seat: Seat,
}

impl Listener {
    /// Listens first and reads what was missed after, so that nothing falls between.
    async fn open(
        web: Web,
        reader: Actor,
        credential: Credential,
        seat: Seat,
        since: Option<Seq>,
    ) -> Result<Self, Refusal> {
        let (news, looks) = (web.control.listen(), web.control.listen_to_looks());
        // The world is brought up before its news are announced: nothing falls between the two.
        let head = web.control.world().seq;
        let mut first = vec![hello(head)];
        match since {
            Some(since) if since > head || head - since > MOST_MISSED => first.push(refetch(head)),
            Some(since) if since < head => {
                let sight = Sight::of(&web, reader);
                let most = u32::try_from(head - since).unwrap_or(u32::MAX);
                for row in web.control.journal().read(since, most).await? {
                    let envelope = row.envelope()?;
                    if sight.sees(&envelope.stream) {
                        first.push(fact(&envelope));
                    }
                }
            }
            _ => {}
        }
        let heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        Ok(Self { web, reader, credential, news, looks, seen: head, first, heartbeat, _seat: seat })
    }

    fn into_stream(mut self) -> impl FutureStream<Item = Result<Event, Infallible>> {
        let first = std::mem::take(&mut self.first);
        stream::iter(first)
            .chain(stream::unfold(self, |mut listener| async move {
                let event = listener.next().await?;
                Some((event, listener))
            }))
            .map(Ok)
    }

    /// The next thing to say, or the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        let stop = self.web.stop.clone();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                _ = self.heartbeat.tick() => {
                    if !matches!(self.credential.actor(&self.web).await, Ok(Some(actor)) if actor == self.reader) {
                        return None;
                    }
                    return Some(beat(self.seen));
                }
                news = self.news.recv() => match news {
                    Ok(envelope) if envelope.seq <= self.seen => {}
                    Ok(envelope) => {
                        self.seen = envelope.seq;
                        if self.ends_with(&envelope) {
                            return None;
                        }
                        if Sight::of(&self.web, self.reader).sees(&envelope.stream) {
                            return Some(fact(&envelope));
                        }
                    }
                    Err(RecvError::Lagged(_)) => {
                        self.seen = self.web.control.seq();
                        return Some(refetch(self.seen));
                    }
                    Err(RecvError::Closed) => return None,
                },
                looked = self.looks.recv() => match looked {
                    Ok(place) => {
                        let stream = Stream::Environment(place);
                        if Sight::of(&self.web, self.reader).sees(&stream) {
                            return Some(look(&stream));
                        }
                    }
                    // The next window comes soon enough.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Whether this changes what the reader may see: they come again and are looked at afresh.
    fn ends_with(&self, envelope: &Envelope) -> bool {
        let own = matches!(&envelope.stream, Stream::Person(id) if Some(*id) == self.reader.person());
        let Fact::Person(event) = &envelope.fact else { return false };
        match event {
            person::Event::StandInNamed(stand_in) => Some(stand_in.substitute) == self.reader.person(),
            person::Event::StandInWithdrawn { substitute, .. } => Some(*substitute) == self.reader.person(),
            person::Event::Added { .. } | person::Event::LinkIssued { .. } | person::Event::TokenIssued { .. } => false,
            person::Event::TokenRevoked { token } => own && self.reader.token() == Some(*token),
            _ => own,
        }
    }
}

fn hello(head: Seq) -> Event {
    Event::default().event("hello").data(format!("{{\"seq\":{head}}}"))
}

/// All is well, and everything up to here has been said: never more, or what is on its way would be passed over.
fn beat(seen: Seq) -> Event {
    Event::default().event("beat").data(format!("{{\"seq\":{seen}}}"))
}

/// Too much was missed: look at everything anew, then go on from here.
fn refetch(head: Seq) -> Event {
    Event::default().event("refetch").id(head.to_string()).data(format!("{{\"seq\":{head}}}"))
}

/// A rollout was judged once more in this environment. No fact: it has no place in the record.
fn look(environment: &Stream) -> Event {
    Event::default().event("look").data(format!("{{\"stream\":\"{environment}\"}}"))
}

fn fact(envelope: &Envelope) -> Event {
    let data = serde_json::to_string(envelope).unwrap_or_default();
    Event::default().event("fact").id(envelope.seq.to_string()).data(data)
}
