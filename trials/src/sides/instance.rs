//! What the local fleet runs in a trial: answers, and notes down that it was started.

use axum::{Router, routing::get};
use clap::Args;
use std::{fs::OpenOptions, io::Write as _, net::SocketAddr, path::PathBuf};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

#[derive(Debug, Args)]
pub struct Instance {
    #[arg(long)]
    listen: SocketAddr,
    /// A file that gets a line for each start.
    #[arg(long)]
    starts: PathBuf,
    #[arg(long)]
    product: String,
    #[arg(long)]
    version: String,
}

pub async fn serve(asked: Instance) -> anyhow::Result<()> {
    let Instance { listen, starts, product, version } = asked;
    let mut file = OpenOptions::new().create(true).append(true).open(starts)?;
    file.write_all(format!("{product} {version}\n").as_bytes())?;
    let listener = TcpListener::bind(listen).await?;
    let router = Router::new().route("/health", get(|| async { "well" })).fallback(move || {
        let version = version.clone();
        async move { version }
    });
    let mut end = signal(SignalKind::terminate())?;
    let until = async move {
        end.recv().await;
    };
    Ok(axum::serve(listener, router).with_graceful_shutdown(until).await?)
}
