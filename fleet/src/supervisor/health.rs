//! Asks an instance whether it is well.

use bytes::Bytes;
use http::{Request, header::HOST};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// Well, or what it said instead.
pub(super) async fn ask(address: SocketAddr, path: &str) -> Result<(), String> {
    match timeout(ANSWERS_WITHIN, status(address, path)).await {
        Err(_) => Err(format!("{path} did not answer within {} s", ANSWERS_WITHIN.as_secs())),
        Ok(Err(said)) => Err(said),
        Ok(Ok(status)) if status.is_success() => Ok(()),
        Ok(Ok(status)) => Err(format!("{path} answered {status}")),
    }
}

async fn status(address: SocketAddr, path: &str) -> Result<http::StatusCode, String> {
    let stream = TcpStream::connect(address).await.map_err(|_| "it does not listen at its port".to_owned())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|why| why.to_string())?;
    let request = Request::get(path)
        .header(HOST, "localhost")
        .body(Empty::<Bytes>::new())
        .map_err(|_| format!("“{path}” is no path"))?;
    let answer = sender.send_request(request);
    tokio::pin!(answer, connection);
    tokio::select! {
        answer = &mut answer => answer.map(|answer| answer.status()).map_err(|why| why.to_string()),
        ended = &mut connection => match ended {
            Ok(()) => answer.await.map(|answer| answer.status()).map_err(|why| why.to_string()),
            Err(why) => Err(why.to_string()),
        },
    }
}
