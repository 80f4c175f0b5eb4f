//! The body of an answer as it passes through, and what its end means for connection and counters.

use super::{
    backend::{Home, Running},
    counts::Counters,
    forward::UpstreamBody,
};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{
    body::{Body, Frame, Incoming, SizeHint},
    client::conn::http1::SendRequest,
};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

#[derive(Debug)]
pub(super) enum AnswerBody {
    Relayed(Relay),
    Own(Full<Bytes>),
}

/// An instance's body. The instance is busy for as long as this is there.
#[derive(Debug)]
pub(super) struct Relay {
    body: Incoming,
    /// Goes home when the body ends well; dropped, and closed by that, when it does not.
    connection: Option<(Home, SendRequest<UpstreamBody>)>,
    counters: Arc<Counters>,
    _running: Running,
}

/// An answer of the router itself.
pub(super) fn plain(status: StatusCode, said: &str) -> Response<AnswerBody> {
    let mut answer = Response::new(AnswerBody::Own(Full::from(format!("{said}\n"))));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}

impl AnswerBody {
    pub(super) fn nothing() -> Self {
        Self::Own(Full::default())
    }
}

impl Relay {
    pub(super) fn new(
        body: Incoming,
        home: Home,
        sender: SendRequest<UpstreamBody>,
        running: Running,
        counters: Arc<Counters>,
    ) -> Self {
        let mut relay = Self { body, connection: Some((home, sender)), counters, _running: running };
        relay.home_when_ended();
        relay
    }

    fn home_when_ended(&mut self) {
        if self.body.is_end_stream()
            && let Some((home, sender)) = self.connection.take()
        {
            home.keep(sender);
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let relay = match self.get_mut() {
            Self::Own(text) => {
                return Pin::new(text).poll_frame(cx).map_err(|never| match never {});
            }
            Self::Relayed(relay) => relay,
        };
        let frame = ready!(Pin::new(&mut relay.body).poll_frame(cx));
        match &frame {
            Some(Err(_)) => {
                relay.connection = None;
                relay.counters.broke_off();
            }
            Some(Ok(_)) => relay.home_when_ended(),
            None => {
                if let Some((home, sender)) = relay.connection.take() {
                    home.keep(sender);
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Relayed(relay) => relay.body.is_end_stream(),
            Self::Own(text) => text.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Relayed(relay) => relay.body.size_hint(),
            Self::Own(text) => text.size_hint(),
        }
    }
}
