//! Connections: accepted, given time limits, and let go when the process drains.

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// Whoever has not sent a whole request head by then, or nothing at all on a kept connection, is let go. Bodies have a
/// limit of their own; answers, and so live streams, have none.
const HEAD: Duration = Duration::from_secs(30);
/// The largest request head.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long to wait when no connection can be accepted, for example because too many are open.
const RETRY: Duration = Duration::from_millis(100);

/// Answers until `drain` is cancelled, then until the running requests are answered. Dropping it cuts them off.
pub(super) async fn serve(listener: TcpListener, router: Router, drain: CancellationToken) {
    let (mut connections, graceful) = (JoinSet::new(), GracefulShutdown::new());
    loop {
        let accepted = tokio::select! {
            biased;
            () = drain.cancelled() => break,
            // Those that ended are forgotten.
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(stream, peer, router.clone());
                let connection = graceful.watch(connection);
                connections.spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> http1::Connection<
    TokioIo<TcpStream>,
    impl hyper::service::HttpService<Incoming, ResBody = Body, Error: std::error::Error + Send + Sync, Future: Send>,
> {
    // Without it a streamed page waits some 40 ms for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
}
