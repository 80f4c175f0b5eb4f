//! The router between real customers and real instances.

mod yard;

use bytes::Bytes;
use fleet::{
    COOKIE_NAME, Counts, Sticky, WHOLE,
    protocol::{Action, Answer, Question},
};
use http::{
    Request, StatusCode,
    header::{COOKIE, HOST, SET_COOKIE},
};
use http_body_util::Full;
use std::collections::BTreeMap;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use yard::{
    SERVICE, Yard,
    customers::{Customer, get},
    until,
};

async fn canary(yard: &Yard, percent: u32) {
    yard.running("1.0.0").await;
    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    yard.done(Action::Weight { share: percent * WHOLE / 100 }, "1.1.0", Some("1.0.0")).await;
}

async fn counts(yard: &Yard) -> BTreeMap<String, Counts> {
    match yard.client().ask(&Question::Counts { service: SERVICE.into() }).await {
        Ok(Answer::Counts { versions }) => versions,
        other => panic!("no counts: {other:?}"),
    }
}

#[tokio::test]
async fn the_split_is_within_a_percentage_point_over_twenty_thousand_requests() {
    const REQUESTS: u32 = 20_000;
    let yard = Yard::new().await;
    canary(&yard, 5).await;
    for percent in [5, 25, 50] {
        yard.done(Action::Weight { share: percent * WHOLE / 100 }, "1.1.0", Some("1.0.0")).await;
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let mut customer = Customer::at(yard.front()).await.expect("the front listens");
            asking.spawn(async move {
                let mut new = 0_u32;
                for _ in 0..REQUESTS / 4 {
                    let (status, version) = customer.get("/").await.expect("an answer");
                    assert_eq!(status, StatusCode::OK);
                    new += u32::from(version == "1.1.0");
                }
                new
            });
        }
        let new: u32 = asking.join_all().await.into_iter().sum();
        let seen = f64::from(new) * 100.0 / f64::from(REQUESTS);
        println!("{percent} % asked for, {seen} % seen");
        assert!((seen - f64::from(percent)).abs() < 1.0, "{percent} % asked for, {seen} % seen");
    }
    let counts = counts(&yard).await;
    assert_eq!(counts.values().map(|one| one.requests).sum::<u64>(), 3 * u64::from(REQUESTS));
    assert!(counts.values().all(|one| one.errors == 0 && one.buckets.iter().sum::<u64>() == one.requests));
}

#[tokio::test]
async fn who_is_known_by_a_header_stays_and_nobody_leaves_a_version_that_grows() {
    let mut yard = Yard::new().await;
    yard.spec.sticky = Sticky::Header { name: "x-customer".into() };
    canary(&yard, 25).await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let request = |n: u32| {
        Request::get("/")
            .header(HOST, "shop")
            .header("x-customer", n.to_string())
            .body(Full::default())
            .expect("a request")
    };
    let mut first = Vec::new();
    for n in 0..200 {
        first.push(customer.send(request(n)).await.expect("an answer").1);
    }
    let new = first.iter().filter(|version| *version == "1.1.0").count();
    assert!((30..70).contains(&new), "about a quarter of 200: {new}");
    for n in 0..200 {
        assert_eq!(customer.send(request(n)).await.expect("an answer").1, first[n as usize]);
    }
    yard.done(Action::Weight { share: WHOLE / 2 }, "1.1.0", Some("1.0.0")).await;
    for n in (0..200).filter(|n| first[*n as usize] == "1.1.0") {
        assert_eq!(customer.send(request(n)).await.expect("an answer").1, "1.1.0");
    }
}

#[tokio::test]
async fn who_is_known_by_a_cookie_stays() {
    let mut yard = Yard::new().await;
    yard.spec.sticky = Sticky::Cookie;
    canary(&yard, 50).await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let mut seen = BTreeMap::new();
    for _ in 0..20 {
        let (head, version) = customer.send(get("/")).await.expect("an answer");
        let cookie = head.headers[SET_COOKIE].to_str().expect("text").split(';').next().expect("a pair").to_owned();
        assert!(cookie.starts_with(COOKIE_NAME));
        for _ in 0..5 {
            let again = Request::get("/").header(HOST, "shop").header(COOKIE, &cookie).body(Full::default());
            let (head, same) = customer.send(again.expect("a request")).await.expect("an answer");
            assert_eq!((same, head.headers.get(SET_COOKIE)), (version.clone(), None));
        }
        *seen.entry(version).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

#[tokio::test]
async fn the_address_decides_when_it_is_to() {
    let mut yard = Yard::new().await;
    yard.spec.sticky = Sticky::Address;
    canary(&yard, 50).await;
    let mut seen = BTreeMap::new();
    for _ in 0..10 {
        let mut customer = Customer::at(yard.front()).await.expect("the front listens");
        *seen.entry(customer.get("/").await.expect("an answer").1).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 1, "all come from one address: {seen:?}");
}

#[tokio::test]
async fn a_change_of_protocol_passes_through() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let mut stream = TcpStream::connect(yard.front()).await.expect("the front listens");
    let head = b"GET /upgrade HTTP/1.1\r\nhost: shop\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n";
    stream.write_all(head).await.expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.expect("a byte"));
    }
    let answer = String::from_utf8_lossy(&answer).to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 101") && answer.contains("upgrade: echo"), "{answer}");
    for word in ["hello", "and again"] {
        stream.write_all(word.as_bytes()).await.expect("sent");
        let mut back = vec![0; word.len()];
        stream.read_exact(&mut back).await.expect("an echo");
        assert_eq!(back, word.as_bytes());
    }
}

#[tokio::test]
async fn failures_of_the_service_are_passed_on_and_counted() {
    let mut yard = Yard::new().await;
    yard.spec.instances = 1;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    for _ in 0..3 {
        assert_eq!(customer.get("/fails").await.expect("an answer").0, StatusCode::INTERNAL_SERVER_ERROR);
    }
    // Sent over and over it would end one instance after the other: it is sent once and answered with what happened.
    let post = Request::post("/dies").header(HOST, "shop").body(Full::from(Bytes::from_static(b"once")));
    let (head, said) = customer.send(post.expect("a request")).await.expect("an answer");
    assert_eq!(head.status, StatusCode::BAD_GATEWAY, "{said}");
    let counts = counts(&yard).await;
    assert_eq!((counts["1.0.0"].requests, counts["1.0.0"].errors), (4, 4));
    until("it is started again", || async {
        let mut customer = Customer::at(yard.front()).await.expect("the front listens");
        customer.get("/").await.is_ok_and(|(status, _)| status == StatusCode::OK)
    })
    .await;
    let Ok(Answer::Text { text }) = yard.client().ask(&Question::Metrics).await else { panic!("no metrics") };
    assert!(text.contains("pilothouse_arm_errors_total{service=\"production@shop\",version=\"1.0.0\"}"), "{text}");
}

#[tokio::test]
async fn instances_that_are_gone_are_passed_by() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let _ = customer.get("/dies").await;
    for _ in 0..50 {
        let (status, said) = customer.get("/").await.expect("an answer");
        assert_eq!(status, StatusCode::OK, "{said}");
    }
}

#[tokio::test]
async fn a_version_with_nobody_left_hurts_its_own_figures_and_no_customer() {
    let mut yard = Yard::new().await;
    yard.spec.instances = 1;
    yard.spec.sticky = Sticky::Header { name: "x-customer".into() };
    canary(&yard, 50).await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let request = |method: &str, path: &str, n: u32| {
        let request =
            Request::builder().method(method).uri(path).header(HOST, "shop").header("x-customer", n.to_string());
        request.body(Full::default()).expect("a request")
    };
    let mut of_the_new = 0;
    while customer.send(request("GET", "/", of_the_new)).await.expect("an answer").1 != "1.1.0" {
        of_the_new += 1;
    }
    let before = counts(&yard).await;
    let (head, _) = customer.send(request("POST", "/dies", of_the_new)).await.expect("an answer");
    assert_eq!(head.status, StatusCode::BAD_GATEWAY);

    let (head, version) = customer.send(request("GET", "/", of_the_new)).await.expect("an answer");
    assert_eq!((head.status, version.as_str()), (StatusCode::OK, "1.0.0"), "the other version stands in");
    let after = counts(&yard).await;
    assert_eq!(after["1.1.0"].errors - before["1.1.0"].errors, 2, "one it broke off, one it was not there for");
    assert_eq!(after["1.0.0"].errors, 0);
}

#[tokio::test]
async fn instances_learn_whom_a_request_comes_from_and_nothing_of_the_connection() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let request = Request::get("/headers").header(HOST, "shop.example").header("connection", "keep-alive, x-secret");
    let request = request.header("x-secret", "1").header("te", "trailers").body(Full::default()).expect("a request");
    let (_, said) = customer.send(request).await.expect("an answer");
    assert!(said.contains("\"x-forwarded-for\": \"127.0.0.1\"") && said.contains("shop.example"), "{said}");
    assert!(!said.contains("x-secret") && !said.contains("\"te\""), "{said}");
}

#[tokio::test]
async fn large_bodies_pass_both_ways() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let large = "0123456789abcdef".repeat(256 * 1024);
    let post = Request::post("/echo").header(HOST, "shop").body(Full::from(large.clone())).expect("a request");
    let (head, back) = customer.send(post).await.expect("an answer");
    assert_eq!((head.status, back.len()), (StatusCode::OK, large.len()));
    assert!(back == large);
}
