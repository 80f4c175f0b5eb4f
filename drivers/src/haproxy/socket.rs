//! The Runtime API: one line goes out on a connection of its own, what comes back is read to its end.

use crate::settings::wrong;
use domain::Refusal;
use std::{fmt, path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: u64 = 4 << 20;

/// Where a running HAProxy listens for commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Socket {
    Path(PathBuf),
    /// Host and port.
    Address(String),
}

/// An exchange that did not come to its end.
#[derive(Debug)]
pub(super) enum Lost {
    /// There was no connection.
    NotSent(String),
    /// The line went out.
    Reply(String),
}

impl Socket {
    pub(super) fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let path = text.strip_prefix("unix:").or_else(|| text.strip_prefix("unix@")).unwrap_or(text);
        if path.starts_with('/') {
            return Ok(Self::Path(PathBuf::from(path)));
        }
        let good = text.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && !host.contains(['/', ' ']) && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
        if good {
            return Ok(Self::Address(text.to_owned()));
        }
        Err(wrong(field, format!("“{text}”"), "an absolute path such as /run/haproxy/admin.sock, or host:port"))
    }

    /// Commands on one line are carried out one after the other without a pause.
    pub(super) async fn say(&self, commands: &str) -> Result<String, Lost> {
        let connecting = async {
            match self {
                Self::Path(path) => UnixStream::connect(path).await.map(Stream::Unix),
                Self::Address(address) => TcpStream::connect(address).await.map(Stream::Tcp),
            }
        };
        let stream = match timeout(PATIENCE, connecting).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(why)) => return Err(Lost::NotSent(format!("HAProxy's socket {self} cannot be reached: {why}"))),
            Err(_) => return Err(Lost::NotSent(format!("HAProxy's socket {self} cannot be reached in time"))),
        };
        let exchange = async {
            match stream {
                Stream::Unix(stream) => talk(stream, commands).await,
                Stream::Tcp(stream) => talk(stream, commands).await,
            }
        };
        match timeout(PATIENCE, exchange).await {
            Ok(Ok(reply)) if reply.is_empty() => Err(Lost::Reply(format!("HAProxy at {self} closed without a reply"))),
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(why)) => Err(Lost::Reply(format!("the reply of HAProxy at {self} was lost: {why}"))),
            Err(_) => Err(Lost::Reply(format!("HAProxy at {self} did not reply in time"))),
        }
    }
}

enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, commands: &str) -> std::io::Result<String> {
    stream.write_all(format!("{commands}\n").as_bytes()).await?;
    let mut reply = Vec::new();
    stream.take(LARGEST).read_to_end(&mut reply).await?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}
