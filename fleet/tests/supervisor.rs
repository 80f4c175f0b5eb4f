//! Instances: started, looked after, ended gently; and what is said about those that cannot live.

mod yard;

use fleet::protocol::{Action, Answer, Outcome, Question};
use http::StatusCode;
use yard::{SERVICE, TRIAL, Yard, customers::Customer, until, words};

async fn log(yard: &Yard, version: Option<&str>) -> Vec<String> {
    let question = Question::Log { service: SERVICE.into(), version: version.map(str::to_owned), lines: 50 };
    match yard.client().ask(&question).await {
        Ok(Answer::Lines { lines }) => lines,
        other => panic!("no log: {other:?}"),
    }
}

#[tokio::test]
async fn a_version_that_ends_over_and_over_never_gets_traffic_and_says_why() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    yard.spec.run = words(&[TRIAL, "crash", "--why", "no database"]);
    let outcome = yard.carry_out(&yard.order(Action::Deploy, "2.0.0", Some("1.0.0"))).await;
    let Outcome::Failed { said } = outcome else { panic!("it cannot be done: {outcome:?}") };
    assert!(said.contains("crash loop") && said.contains("no database"), "{said}");
    assert_eq!(yard.observe().await.len(), 1, "nothing of it is left");
    assert!(log(&yard, Some("2.0.0")).await.iter().any(|line| line.contains("no database")));
    let moved = yard.carry_out(&yard.order(Action::Promote, "2.0.0", Some("1.0.0"))).await;
    assert!(matches!(moved, Outcome::Failed { .. }), "{moved:?}");
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    assert_eq!(customer.get("/").await.expect("an answer"), (StatusCode::OK, "1.0.0".into()));
}

#[tokio::test]
async fn a_program_that_is_not_there_and_one_that_is_never_well_are_told_apart() {
    let mut yard = Yard::new().await;
    let run = std::mem::replace(&mut yard.spec.run, words(&["/nowhere/shop"]));
    let outcome = yard.carry_out(&yard.order(Action::Deploy, "1.0.0", None)).await;
    assert!(matches!(&outcome, Outcome::Failed { said } if said.contains("/nowhere/shop")), "{outcome:?}");
    yard.spec.run = run;
    yard.spec.health = "/fails".into();
    yard.spec.start_seconds = 1;
    let outcome = yard.carry_out(&yard.order(Action::Deploy, "1.0.0", None)).await;
    assert!(matches!(&outcome, Outcome::Failed { said } if said.contains("500")), "{outcome:?}");
}

#[tokio::test]
async fn what_instances_write_can_be_read() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    until("both have written", || async { log(&yard, None).await.len() >= 4 }).await;
    let lines = log(&yard, None).await;
    for expected in ["#1 shop 1.0.0 listens at", "#2 shop 1.0.0 listens at", "mood is calm in production"] {
        assert!(lines.iter().any(|line| line.contains(expected)), "{expected}: {lines:?}");
    }
}

#[tokio::test]
async fn an_instance_that_ends_is_started_again() {
    let mut yard = Yard::new().await;
    yard.spec.instances = 1;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    assert_eq!(customer.get("/dies").await.expect("an answer").0, StatusCode::BAD_GATEWAY);
    // Whoever comes meanwhile is held until it is back.
    assert_eq!(customer.get("/").await.expect("an answer").0, StatusCode::OK);
    until("it is seen to be back", || async { yard.observe().await[0].healthy == 1 }).await;
    assert!(log(&yard, None).await.iter().any(|line| line.contains("[fleet] it ended with")));
}

#[tokio::test]
async fn what_an_instance_has_begun_it_finishes() {
    let yard = Yard::new().await;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let mut slow = tokio::task::JoinSet::new();
    slow.spawn(async move { customer.get("/slow?1200").await });
    until("the request has arrived", || async { log(&yard, None).await.iter().any(|line| line.contains("slow")) })
        .await;
    yard.done(Action::Deploy, "2.0.0", Some("1.0.0")).await;
    yard.done(Action::Promote, "2.0.0", Some("1.0.0")).await;
    yard.done(Action::Retire, "2.0.0", Some("1.0.0")).await;
    let answer = slow.join_next().await.expect("one").expect("it ran").expect("an answer");
    assert_eq!(answer, (StatusCode::OK, "1.0.0".into()));
}

#[tokio::test]
async fn a_service_can_be_tried_out_beside_what_runs() {
    let mut yard = Yard::new().await;
    yard.running("1.0.0").await;
    let ask = |yard: &Yard| {
        let (client, spec) = (yard.client(), yard.spec.clone());
        let question = Question::Try { service: SERVICE.into(), spec, version: Some("1.0.0".into()) };
        async move {
            match client.ask(&question).await {
                Ok(Answer::Tried { findings }) => findings,
                other => panic!("not tried: {other:?}"),
            }
        }
    };
    let found = ask(&yard).await;
    assert!(found.iter().all(|finding| finding.good), "{found:?}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    yard.spec.listen = taken.local_addr().expect("its address");
    yard.spec.run[0] = "no-such-program".into();
    let found = ask(&yard).await;
    assert!(found.iter().all(|finding| !finding.good), "{found:?}");
    assert_eq!(yard.observe().await[0].instances, 2, "nothing that runs was touched");
}

#[tokio::test]
async fn whoever_is_not_well_gets_traffic_only_when_nobody_else_is_there() {
    let mut yard = Yard::new().await;
    yard.spec.start_seconds = 1;
    yard.running("1.0.0").await;
    let mut customer = Customer::at(yard.front()).await.expect("the front listens");
    let sick = || {
        let request = http::Request::post("/sick").header(http::header::HOST, "shop");
        request.body(http_body_util::Full::default()).expect("a request")
    };
    customer.send(sick()).await.expect("an answer");
    until("one is known to be sick", || async { yard.observe().await[0].healthy == 1 }).await;
    let mut asked = std::collections::BTreeSet::new();
    for _ in 0..20 {
        asked.insert(customer.get("/pid").await.expect("an answer").1);
    }
    assert_eq!(asked.len(), 1, "the other one alone");

    customer.send(sick()).await.expect("an answer");
    until("both are known to be sick", || async { yard.observe().await[0].healthy == 0 }).await;
    assert!(yard.observe().await[0].said.as_ref().is_some_and(|said| said.contains("503")));
    assert_eq!(customer.get("/").await.expect("an answer").0, StatusCode::OK);

    yard.done(Action::Deploy, "1.1.0", Some("1.0.0")).await;
    yard.done(Action::Promote, "1.1.0", Some("1.0.0")).await;
    let back = yard.carry_out(&yard.order(Action::Weight { share: 50_000 }, "1.0.0", Some("1.1.0"))).await;
    assert!(matches!(&back, Outcome::Failed { said } if said.contains("503")), "{back:?}");
    assert_eq!(yard.observe().await[0].share, fleet::WHOLE, "traffic is as it was");
}
