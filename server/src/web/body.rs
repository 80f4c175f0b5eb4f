//! Bodies of requests: never larger and never slower than they may be.

use super::rest::Problem;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::StatusCode;
use std::time::Duration;

/// Whoever takes longer to send a body holds on to a place that others need.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Or it broke off.
    TooLarge,
    TooSlow,
}

/// All of the body.
pub async fn read(body: Body, largest: usize) -> Result<Bytes, Unread> {
    read_within(body, largest, PATIENCE).await
}

/// The same with patience for large files, for the few who may send any.
pub async fn read_within(body: Body, largest: usize, patience: Duration) -> Result<Bytes, Unread> {
    match tokio::time::timeout(patience, to_bytes(body, largest)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Unread::TooLarge),
        Err(_) => Err(Unread::TooSlow),
    }
}

impl Unread {
    pub fn problem(self, largest: usize) -> Problem {
        match self {
            Self::TooLarge => {
                let detail = format!("The body is larger than {} KiB, or broke off.", largest / 1024);
                Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, detail)
            }
            Self::TooSlow => Problem::plain(StatusCode::REQUEST_TIMEOUT, "The body took too long to arrive."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Unread, read};
    use bytes::Bytes;
    use futures::stream;
    use std::io;

    #[tokio::test(start_paused = true)]
    async fn size_and_time_are_bounded() {
        assert_eq!(read(Body::from("abc"), 3).await, Ok(Bytes::from_static(b"abc")));
        assert_eq!(read(Body::from("abcd"), 3).await, Err(Unread::TooLarge));
        let never = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        assert_eq!(read(never, 3).await, Err(Unread::TooSlow));
    }
}
