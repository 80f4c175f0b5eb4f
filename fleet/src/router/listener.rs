//! Takes connections at one address.

use super::{Hub, forward::forward};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// So long a connection may be silent. Longer than common clients keep theirs, so that they end it and not we.
const SILENT_FOR: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(super) struct Listener {
    asked: SocketAddr,
    address: SocketAddr,
    stop: CancellationToken,
}

impl Listener {
    pub(super) async fn start(hub: &Arc<Hub>, asked: SocketAddr) -> io::Result<Self> {
        let socket = TcpListener::bind(asked).await?;
        let (address, stop) = (socket.local_addr()?, CancellationToken::new());
        hub.front.spawn(accept(hub.clone(), socket, stop.clone()));
        Ok(Self { asked, address, stop })
    }

    /// As it was asked for: port 0 stays port 0.
    pub(super) fn asked(&self) -> SocketAddr {
        self.asked
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Nothing new comes in; what came in already is answered.
impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(hub: Arc<Hub>, socket: TcpListener, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = socket.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                hub.front.spawn(serve(hub.clone(), stream, peer, stop.clone()));
            }
            Err(error) => {
                // Most often too many open files: it passes when connections end.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(hub: Arc<Hub>, stream: TcpStream, peer: SocketAddr, stop: CancellationToken) {
    // Without it, small answers wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let hub = hub.clone();
        async move { Ok::<_, Infallible>(forward(hub, peer, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SILENT_FOR)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        // Whatever ended it, the customer has seen it.
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
