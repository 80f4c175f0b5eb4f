//! What a program writes: the end of it, bounded.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tokio::io::{AsyncRead, AsyncReadExt};

/// So much is kept of a program's output; what was written before it falls off.
pub(super) const KEPT: usize = 64 * 1024;

/// Both outputs as they came, and the first by itself.
#[derive(Debug, Default)]
pub(super) struct Output {
    both: Mutex<Tail>,
    stdout: Mutex<Tail>,
}

#[derive(Debug, Default)]
struct Tail(VecDeque<u8>);

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
        let over = self.0.len().saturating_sub(KEPT);
        self.0.drain(..over);
    }
}

impl Output {
    /// Reads both until every process that holds them has closed them.
    pub(super) async fn read(&self, stdout: Option<impl AsyncRead + Unpin>, stderr: Option<impl AsyncRead + Unpin>) {
        tokio::join!(self.one(stdout, true), self.one(stderr, false));
    }

    async fn one(&self, from: Option<impl AsyncRead + Unpin>, first: bool) {
        let Some(mut from) = from else { return };
        let mut buffer = vec![0; 8192];
        // An error here is the end of the output, as is nothing.
        while let Ok(n @ 1..) = from.read(&mut buffer).await {
            lock(&self.both).push(&buffer[..n]);
            if first {
                lock(&self.stdout).push(&buffer[..n]);
            }
        }
    }

    pub(super) fn both(&self) -> String {
        text(&self.both)
    }

    pub(super) fn stdout(&self) -> String {
        text(&self.stdout)
    }
}

fn lock(tail: &Mutex<Tail>) -> std::sync::MutexGuard<'_, Tail> {
    tail.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Of an output that lost its beginning, the first line is lost too: it may begin in the middle of a secret.
fn text(tail: &Mutex<Tail>) -> String {
    let mut tail = lock(tail);
    let text = String::from_utf8_lossy(tail.0.make_contiguous()).into_owned();
    if tail.0.len() < KEPT { text } else { text.split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned()) }
}
