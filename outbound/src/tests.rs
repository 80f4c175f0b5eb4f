//! Against servers of raw bytes on this machine: what each kind of answer, and none, means.

use super::*;
use control::driver::{Certainty, Secret};
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

fn outbound(limits: Limits) -> Outbound {
    Outbound::new(&["127.0.0.1".to_owned(), "localhost".to_owned()], limits).expect("a client")
}

fn soon() -> Limits {
    Limits { connect: Duration::from_secs(5), total: Duration::from_millis(400), reply: 2_000 }
}

/// What the server has read of a request: all of it where it says its length.
async fn read(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer).await.expect("bytes");
        seen.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        if n == 0 || text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= length(head)) {
            return text;
        }
    }
}

fn length(head: &str) -> usize {
    let head = head.to_lowercase();
    head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok()).unwrap_or(0)
}

/// Answers one connection with these bytes; the task ends with what was asked.
async fn answering(answer: impl Into<String>) -> (Url, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/deploy?token=in-the-query", listener.local_addr().expect("an address"));
    let answer = answer.into();
    #[expect(clippy::disallowed_methods, reason = "each test waits for the end of its server")]
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let seen = read(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.expect("written");
        seen
    });
    (url.parse().expect("a URL"), server)
}

fn post(url: Url) -> Request {
    Request::new(Method::POST, url).json(&serde_json::json!({ "do": "deploy" })).expect("JSON")
}

async fn certainty_of(answer: &str) -> (Certainty, String) {
    let (url, server) = answering(answer).await;
    let result = outbound(soon()).send(post(url)).await;
    server.await.expect("the server saw one request");
    let fault = match result {
        Ok(reply) => reply.fault(),
        Err(fault) => fault,
    };
    assert!(!fault.said.contains("in-the-query"), "the query may hold a secret: {}", fault.said);
    (fault.certainty, fault.said)
}

#[tokio::test]
async fn a_reply_is_read_whole_and_says_what_was_sent() {
    let (url, server) = answering("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"state\":\"done\"}").await;
    let token = Secret::new("t0ken-very-secret");
    let request = post(url).secret_header("authorization", "Bearer ", &token).expect("a header");
    assert!(!format!("{request:?}").contains("t0ken"));
    let reply = outbound(Limits::default()).send(request).await.expect("a reply");
    assert!(reply.good());
    assert_eq!(reply.json::<serde_json::Value>().expect("JSON")["state"], "done");
    let seen = server.await.expect("seen");
    assert!(seen.starts_with("POST /deploy?token=in-the-query HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains("authorization: Bearer t0ken-very-secret\r\n"), "{seen}");
    assert!(seen.contains("content-type: application/json\r\n"), "{seen}");
    assert!(seen.ends_with("{\"do\":\"deploy\"}"), "{seen}");
}

#[tokio::test]
async fn each_status_says_whether_anything_may_have_happened() {
    use Certainty::{Declined, NotDone, Unknown};
    for (status, extra, certainty) in [
        ("400 Bad Request", "", Declined),
        ("401 Unauthorized", "", Declined),
        ("409 Conflict", "", Declined),
        ("422 Unprocessable", "", Declined),
        ("408 Request Timeout", "", NotDone),
        ("425 Too Early", "", NotDone),
        ("429 Too Many Requests", "", NotDone),
        ("503 Unavailable", "retry-after: 30\r\n", NotDone),
        ("503 Unavailable", "", Unknown),
        ("500 Oops", "", Unknown),
        ("502 Bad Gateway", "", Unknown),
        ("504 Gateway Timeout", "", Unknown),
        ("302 Found", "location: http://127.0.0.1:1/elsewhere\r\n", Declined),
    ] {
        let answer = format!("HTTP/1.1 {status}\r\n{extra}content-length: 5\r\n\r\nwords");
        let (found, said) = certainty_of(&answer).await;
        assert_eq!(found, certainty, "{status}: {said}");
    }
}

#[tokio::test]
async fn what_never_went_out_was_not_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    for url in [format!("http://{address}/"), format!("https://{address}/")] {
        let fault = outbound(soon()).send(post(url.parse().expect("a URL"))).await.expect_err("nobody listens");
        assert_eq!(fault.certainty, Certainty::NotDone, "{}", fault.said);
    }
    let nowhere = Outbound::new(&[], soon()).expect("a client");
    let fault = nowhere.send(post("https://nowhere.invalid/".parse().expect("a URL"))).await.expect_err("no such name");
    assert_eq!(fault.certainty, Certainty::NotDone, "{}", fault.said);
}

#[tokio::test]
async fn a_failed_handshake_was_not_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}/", listener.local_addr().expect("an address"));
    #[expect(clippy::disallowed_methods, reason = "the test waits for the end of its server")]
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(b"HTTP/1.1 400 no TLS here\r\n\r\n").await.expect("written");
    });
    let fault = outbound(soon()).send(post(url.parse().expect("a URL"))).await.expect_err("no TLS there");
    server.await.expect("asked");
    assert_eq!(fault.certainty, Certainty::NotDone, "{}", fault.said);
}

#[tokio::test]
async fn a_lost_reply_is_unknown_however_it_was_lost() {
    // Closed without a word, broken off in the middle, and larger than agreed.
    for answer in [
        String::new(),
        "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"state\"".to_owned(),
        format!("HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n{}", "x".repeat(3_000)),
        "nonsense\r\n\r\n".to_owned(),
    ] {
        let (certainty, said) = certainty_of(&answer).await;
        assert_eq!(certainty, Certainty::Unknown, "{said}");
    }
    // Silence: accepted by the system, never answered.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url: Url = format!("http://{}/", listener.local_addr().expect("an address")).parse().expect("a URL");
    let fault = outbound(soon()).send(post(url)).await.expect_err("no answer");
    assert_eq!(fault.certainty, Certainty::Unknown, "{}", fault.said);
    assert!(fault.said.contains("no reply in time"), "{}", fault.said);
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_declined_and_never_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let strict = Outbound::new(&[], soon()).expect("a client");
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("http://localhost:{port}/"),
    ] {
        let fault = strict.send(post(url.parse().expect("a URL"))).await.expect_err("not allowed");
        assert_eq!(fault.certainty, Certainty::Declined, "{}", fault.said);
        assert!(fault.said.contains("allow_hosts"), "{}", fault.said);
    }
    let nobody = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
    assert!(nobody.is_err(), "nobody may have connected");
}

#[tokio::test]
async fn a_secret_that_comes_back_is_covered() {
    let body = "no such token: t0ken-very-secret";
    let (url, server) = answering(format!("HTTP/1.1 401 No\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
    let request =
        post(url).secret_header("authorization", "Bearer ", &Secret::new("t0ken-very-secret")).expect("a header");
    let reply = outbound(soon()).send(request).await.expect("a reply");
    server.await.expect("asked");
    assert!(!format!("{reply:?} {:?}", reply.fault()).contains("t0ken"), "{:?}", reply.fault());
    assert!(reply.fault().said.contains("no such token: (hidden)"), "{}", reply.fault().said);
}

#[test]
fn an_address_in_a_setting_has_no_password_and_a_known_scheme() {
    assert!(address("url", "https://deploy.example/x?y=z").is_ok());
    for wrong in ["ftp://deploy.example", "deploy.example", "https://", "https://me:s3cret@deploy.example", ""] {
        let refusal = address("url", wrong).expect_err(wrong);
        assert_eq!(refusal.field.as_deref(), Some("url"));
        assert!(!refusal.detail.contains("s3cret"));
    }
}
