//! Speaks to a fleet through its socket.

use crate::{
    folder::Folder,
    protocol::{Answer, Hello, Question},
};
use std::{future::Future, io, path::Path, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
    time::timeout,
};

const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// Trying out an instance takes longest.
const ANSWERS_WITHIN: Duration = Duration::from_mins(1);
/// No answer is longer.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Why there is no answer, and what that means for a second try.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    /// The question was never sent.
    #[error("no fleet answers at {0}: {1}")]
    NotThere(String, io::Error),
    /// The question was never sent.
    #[error("whoever answers at {0} is not the fleet that wrote its nonce there")]
    Stranger(String),
    /// The question was sent; whether it was heard, nobody knows.
    #[error("the fleet's answer was lost: {0}")]
    Lost(io::Error),
}

/// A fleet in a folder, wherever it may be in its life. Each question makes sure anew who answers.
#[derive(Debug, Clone)]
pub struct Client {
    folder: Folder,
}

type Line = BufReader<UnixStream>;

impl Client {
    pub fn new(folder: &Path) -> Self {
        Self { folder: Folder::at(folder) }
    }

    pub async fn hello(&self) -> Result<Hello, Silence> {
        self.connect().await.map(|(_, hello)| hello)
    }

    pub async fn ask(&self, question: &Question) -> Result<Answer, Silence> {
        let (mut line, _) = self.connect().await?;
        within(ANSWERS_WITHIN, exchange(&mut line, question)).await.map_err(Silence::Lost)
    }

    async fn connect(&self) -> Result<(Line, Hello), Silence> {
        let at = self.folder.socket();
        let not_there = |error| Silence::NotThere(at.display().to_string(), error);
        let reached = within(HELLO_WITHIN, async {
            let mut line = BufReader::new(UnixStream::connect(&at).await?);
            let answer = exchange(&mut line, &Question::Hello).await?;
            Ok((line, answer))
        });
        let (line, answer) = reached.await.map_err(not_there)?;
        let expected = self.folder.read_nonce().map_err(not_there)?;
        match answer {
            Answer::Hello(hello) if hello.nonce == expected => Ok((line, hello)),
            _ => Err(Silence::Stranger(at.display().to_string())),
        }
    }
}

async fn exchange(line: &mut Line, question: &Question) -> io::Result<Answer> {
    let mut bytes = serde_json::to_vec(question)?;
    bytes.push(b'\n');
    line.get_mut().write_all(&bytes).await?;
    let mut answer = Vec::new();
    line.take(LONGEST).read_until(b'\n', &mut answer).await?;
    if answer.last() != Some(&b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(serde_json::from_slice(&answer)?)
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
