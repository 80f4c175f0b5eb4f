//! The least that an axum server can do: the same bytes, every time. A process of its own, like the server's.

use crate::service::processor_time;
use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use axum::{Router, http::header};
use bytes::Bytes;
use clap::Args;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

#[derive(Debug, Args)]
pub struct Bare {
    /// A file with what to answer.
    #[arg(long)]
    bytes: PathBuf,
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

pub async fn serve(asked: Bare) -> anyhow::Result<()> {
    let bytes = Bytes::from(std::fs::read(&asked.bytes)?);
    let listener = TcpListener::bind(asked.listen).await?;
    println!("{}", listener.local_addr()?);
    let answer = move || {
        let bytes = bytes.clone();
        async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes) }
    };
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, Router::new().fallback(answer)).await?)
}

/// The other process.
#[derive(Debug)]
pub struct Running {
    pub address: SocketAddr,
    child: Child,
}

impl Running {
    pub async fn start(file: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare").arg("--bytes").arg(file).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("the bare handler does not start")?;
        let out = child.stdout.take().context("the bare handler says nothing")?;
        let line = BufReader::new(out).lines().next_line().await?.context("the bare handler ended")?;
        Ok(Self { address: line.parse()?, child })
    }

    /// Processor time of the process so far.
    pub fn processor(&self) -> anyhow::Result<Duration> {
        processor_time(self.child.id().context("the bare handler ended")?)
    }
}
