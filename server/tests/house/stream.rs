//! A live stream, read event by event.

use super::PATIENCE;
use axum::body::{Body, BodyDataStream};
use futures::StreamExt as _;
use http::Response;
use serde_json::Value;
use std::collections::VecDeque;

/// One event of the stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub event: String,
    pub id: Option<u64>,
    pub data: Value,
}

pub struct Live {
    body: BodyDataStream,
    text: String,
    said: VecDeque<Said>,
}

impl Live {
    #[track_caller]
    pub fn of(response: Response<Body>) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new(), said: VecDeque::new() }
    }

    /// The next event but beats; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Said> {
        let next = async {
            loop {
                let said = self.read().await;
                if said.as_ref().is_none_or(|said| said.event != "beat") {
                    return said;
                }
            }
        };
        // Beats go on for ever; the time for everything together does not.
        tokio::time::timeout(PATIENCE, next).await.expect("an event or the end in time")
    }

    /// The next event, or the beat that says that there was none.
    pub async fn next_or_beat(&mut self) -> Option<Said> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an event or the end in time")
    }

    /// The next event, which is a fact of this kind.
    pub async fn fact(&mut self, kind: &str) -> Said {
        let said = self.next().await.expect("an event");
        assert_eq!((said.event.as_str(), said.data["kind"].as_str()), ("fact", Some(kind)), "{said:?}");
        assert_eq!(said.id, said.data["seq"].as_u64(), "{said:?}");
        said
    }

    async fn read(&mut self) -> Option<Said> {
        loop {
            if let Some(said) = self.said.pop_front() {
                return Some(said);
            }
            let chunk = self.body.next().await?.expect("a sound stream");
            self.text.push_str(str::from_utf8(&chunk).expect("text"));
            while let Some((frame, rest)) = self.text.split_once("\n\n") {
                self.said.extend(frame_of(frame));
                self.text = String::from(rest);
            }
        }
    }
}

/// None for a comment that only says that the stream lives.
fn frame_of(text: &str) -> Option<Said> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = field("data")?;
    Some(Said {
        event: field("event").unwrap_or("message").to_owned(),
        id: field("id").and_then(|id| id.parse().ok()),
        data: serde_json::from_str(data).expect("JSON"),
    })
}
