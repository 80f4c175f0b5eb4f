//! HTTP/1.1 over one kept connection, as lean as it goes: a load generator must not be what is measured.

use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const BUFFER: usize = 64 * 1024;

#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
}

/// How an answer begins.
#[derive(Debug, Clone)]
pub struct Head {
    pub status: u16,
    /// The header lines as sent.
    pub headers: String,
    pub close: bool,
}

enum Length {
    Known(usize),
    Chunked,
}

impl Wire {
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER].into(), start: 0, end: 0 })
    }

    /// Sends a whole request and reads the whole answer; the body goes to `sink` where one is given.
    pub async fn exchange(&mut self, request: &[u8], mut sink: Option<&mut Vec<u8>>) -> io::Result<Head> {
        self.stream.write_all(request).await?;
        let (head, length) = self.head(sink.is_some()).await?;
        match length {
            Length::Known(n) => self.take(n, &mut sink).await?,
            Length::Chunked => loop {
                let size = self.chunk_size().await?;
                self.take(size, &mut sink).await?;
                self.take(2, &mut None).await?;
                if size == 0 {
                    break;
                }
            },
        }
        Ok(head)
    }

    async fn head(&mut self, keep: bool) -> io::Result<(Head, Length)> {
        let size = loop {
            let seen = &self.buffer[self.start..self.end];
            if let Some(at) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text =
            str::from_utf8(&self.buffer[self.start..self.start + size]).map_err(|_| strange("a strange head"))?;
        let status = text.get(9..12).and_then(|code| code.parse().ok()).ok_or_else(|| strange("no status"))?;
        let (mut length, mut close) = (Length::Known(0), false);
        for line in text.split("\r\n").skip(1) {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = Length::Known(value.parse().map_err(|_| strange("a strange length"))?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") && value.eq_ignore_ascii_case("chunked") {
                length = Length::Chunked;
            } else if name.eq_ignore_ascii_case("connection") {
                close = value.eq_ignore_ascii_case("close");
            }
        }
        if matches!(status, 204 | 304) {
            length = Length::Known(0);
        }
        let headers = if keep { text.to_owned() } else { String::new() };
        self.start += size;
        Ok((Head { status, headers, close }, length))
    }

    async fn chunk_size(&mut self) -> io::Result<usize> {
        loop {
            let seen = &self.buffer[self.start..self.end];
            if let Some(at) = seen.windows(2).position(|two| two == b"\r\n") {
                let line = str::from_utf8(&seen[..at]).unwrap_or_default();
                let digits = line.split(';').next().unwrap_or_default().trim();
                let size = usize::from_str_radix(digits, 16).map_err(|_| strange("a strange chunk"))?;
                self.start += at + 2;
                return Ok(size);
            }
            self.more().await?;
        }
    }

    async fn take(&mut self, mut n: usize, sink: &mut Option<&mut Vec<u8>>) -> io::Result<()> {
        while n > 0 {
            if self.start == self.end {
                self.more().await?;
            }
            let now = n.min(self.end - self.start);
            if let Some(sink) = sink {
                sink.extend_from_slice(&self.buffer[self.start..self.start + now]);
            }
            self.start += now;
            n -= now;
        }
        Ok(())
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            return Err(strange("a line longer than the buffer"));
        }
        let read = self.stream.read(&mut self.buffer[self.end..]).await?;
        self.end += read;
        if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

fn strange(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the answer has {what}"))
}
