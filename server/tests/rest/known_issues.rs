//! Known issues as scripts and other programs keep and find them.

use crate::house::{Client, Stage, at};
use serde_json::{Value, json};

const ALL: &str = "/products/shop/known-issues";

fn issue(title: &str, affected: &str) -> Value {
    json!({ "title": title, "description": "Customers with two addresses see the form again.", "affected": affected,
        "severity": "sev2", "audience": ["support", "customers"], "tracking": "https://example.org/issues/12" })
}

async fn reported(by: &Client, title: &str, affected: &str) -> String {
    let shown = by.post(ALL, &issue(title, affected)).await.must(201);
    shown["id"].as_str().expect("an id").to_owned()
}

async fn titles(by: &Client, query: &str) -> Vec<String> {
    let page = by.get(&format!("{ALL}{query}")).await.must(200);
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["title"].as_str().expect("a title").to_owned()).collect()
}

#[tokio::test]
async fn an_issue_lives_from_its_report_to_its_fix_and_back() {
    let stage = Stage::set().await;
    let support = &stage.support.client;
    let new = support.post(ALL, &issue("Checkout asks twice", ">= 1.0.0")).await.must(201);
    assert_eq!(
        (&new["state"], &new["affected"], &new["severity"], &new["audience"]),
        (&json!("open"), &json!(">= 1.0.0"), &json!("sev2"), &json!(["support", "customers"]))
    );
    assert_eq!((&new["reported_by_name"], &new["workaround"]), (&json!("Sam Support"), &Value::Null));
    let one = format!("{ALL}/{}", new["id"].as_str().expect("an id"));
    assert_eq!(support.get(&one).await.must(200), new);

    let edit = json!({ "workaround": "Choose “as before”.", "tracking": "" });
    let edited = stage.engineer.client.patch(&one, &edit).await.must(200);
    assert_eq!((&edited["workaround"], &edited["tracking"]), (&json!("Choose “as before”."), &Value::Null));
    assert_eq!(edited["title"], "Checkout asks twice", "what is left out stays");

    let fixed = stage.engineer.client.post(&format!("{one}/fixes"), &json!({ "version": "1.0.1" })).await.must(201);
    assert_eq!((&fixed["state"], &fixed["fixes"][0]["version"]), (&json!("fixed"), &json!("1.0.1")));
    let again = support.post(&format!("{one}/reopening"), &json!({ "reason": "Seen again." })).await.must(201);
    assert_eq!((&again["state"], &again["fixes"]), (&json!("open"), &json!([])));
    let closed = support.post(&format!("{one}/closure"), &json!({ "reason": "It is the browser." })).await.must(201);
    assert_eq!((&closed["state"], &closed["closed"]["reason"]), (&json!("closed"), &json!("It is the browser.")));
    let refused =
        stage.engineer.client.post(&format!("{one}/fixes"), &json!({ "version": "1.0.2" })).await.refused(409);
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains("It is the browser.")), "{refused}");
}

#[tokio::test]
async fn a_release_carries_what_is_open_until_a_version_mends_it() {
    let stage = Stage::set().await;
    let (engineer, support) = (&stage.engineer.client, &stage.support.client);
    for version in ["1.0.1", "1.1.0"] {
        engineer.post("/products/shop/releases", &json!({ "version": version })).await.must(201);
    }
    let old = reported(support, "Since the first", "all").await;
    reported(support, "New in 1.1.0", ">= 1.1.0").await;
    engineer.post(&format!("{ALL}/{old}/fixes"), &json!({ "version": "1.1.0" })).await.must(201);
    let of = async |version: &str| {
        let shown = support.get(&format!("{}/known-issues", at("shop", version))).await.must(200);
        let titles = |list: &Value| list.as_array().expect("a list").iter().map(|i| i["title"].clone()).collect();
        let both: (Vec<Value>, Vec<Value>) = (titles(&shown["open"]), titles(&shown["fixed"]));
        both
    };
    assert_eq!(of("1.0.0").await, (vec![json!("Since the first")], vec![]));
    assert_eq!(of("1.0.1").await, (vec![json!("Since the first")], vec![]));
    assert_eq!(of("1.1.0").await, (vec![json!("New in 1.1.0")], vec![json!("Since the first")]));
    support.get(&format!("{}/known-issues", at("shop", "9.9.9"))).await.refused(404);
    assert_eq!(titles(support, "?version=1.0.1").await, ["Since the first"]);
    assert_eq!(titles(support, "?version=1.1.0").await, ["New in 1.1.0"]);
}

#[tokio::test]
async fn filters_and_words_find_what_fits_though_a_letter_is_wrong() {
    let stage = Stage::set().await;
    let support = &stage.support.client;
    let mut ids = Vec::new();
    for title in ["Checkout asks twice", "Totals are rounded", "Search forgets filters"] {
        stage.house.clock.advance(chrono::Duration::seconds(1));
        ids.push(reported(support, title, "all").await);
    }
    let grave = json!({ "severity": "sev1", "audience": ["engineering"], "workaround": "Restart the printer." });
    support.patch(&format!("{ALL}/{}", ids[1]), &grave).await.must(200);
    support.post(&format!("{ALL}/{}/closure", ids[2]), &json!({ "reason": "Not ours." })).await.must(201);
    assert_eq!(titles(support, "").await, ["Search forgets filters", "Totals are rounded", "Checkout asks twice"]);
    assert_eq!(titles(support, "?limit=1").await, ["Search forgets filters"]);
    assert_eq!(titles(support, "?severity=sev1").await, ["Totals are rounded"]);
    assert_eq!(titles(support, "?audience=engineering").await, ["Totals are rounded"]);
    assert_eq!(titles(support, "?state=open&audience=customers").await, ["Checkout asks twice"]);
    assert_eq!(titles(support, "?state=closed").await, ["Search forgets filters"]);
    for words in ["chekcout", "checkou", "CHECKOUT+asks", "totals+printre", "printe", "filtres"] {
        assert_eq!(titles(support, &format!("?q={words}")).await.len(), 1, "{words}");
    }
    assert_eq!(titles(support, "?q=nowhere").await, Vec::<String>::new());
    // What is said otherwise is found by what it says now.
    support.patch(&format!("{ALL}/{}", ids[0]), &json!({ "title": "Payment asks twice" })).await.must(200);
    assert_eq!(titles(support, "?q=checkout").await, Vec::<String>::new());
    assert_eq!(titles(support, "?q=pamyent").await, ["Payment asks twice"]);
}

#[tokio::test]
async fn what_is_wrong_is_said_by_field() {
    let stage = Stage::set().await;
    let support = &stage.support.client;
    let with = |field: &str, value: Value| {
        let mut body = issue("Checkout asks twice", "all");
        body[field] = value;
        body
    };
    let wrong = [
        ("title", json!("")),
        ("title", json!("two\nlines")),
        ("description", json!(" ")),
        ("description", json!("x".repeat(8_001))),
        ("workaround", json!("a\u{0}b")),
        ("affected", json!("some")),
        ("affected", json!(">= 2.0.0, <= 1.0.0")),
        ("severity", json!("dire")),
        ("tracking", json!("javascript:alert(1)")),
        ("tracking", json!("https://")),
        ("audience", json!([])),
        ("product", json!("shop")),
    ];
    let before = stage.house.seq();
    for (field, value) in wrong {
        let refused = support.post(ALL, &with(field, value.clone())).await.refused_field(422, field);
        assert!(refused["allowed"].as_str().is_some_and(|allowed| !allowed.is_empty()), "{field} {value}: {refused}");
    }
    support.post(ALL, &with("audience", json!(["nobody"]))).await.refused(422);
    assert_eq!(stage.house.seq(), before, "nothing was recorded");
    let id = reported(support, "Checkout asks twice", ">= 2.0.0").await;
    let fix = json!({ "version": "1.9.0" });
    support.post(&format!("{ALL}/{id}/fixes"), &fix).await.refused_field(422, "version");
    support.post(&format!("{ALL}/{id}/closure"), &json!({ "reason": "" })).await.refused_field(422, "reason");
    for (query, field) in [
        ("?state=lost", "state"),
        ("?audience=nobody", "audience"),
        ("?version=one", "version"),
        ("?severity=A+B", "severity"),
        ("?limit=0", "limit"),
        ("?colour=red", "colour"),
    ] {
        support.get(&format!("{ALL}{query}")).await.refused_field(422, field);
    }
    for nothing in ["no-such-id", "00000000-0000-4000-8000-000000000000"] {
        support.get(&format!("{ALL}/{nothing}")).await.refused(404);
        support.patch(&format!("{ALL}/{nothing}"), &json!({ "title": "x" })).await.refused(404);
    }
}

/// An issue belongs to its product: under the address of another one it is not there.
#[tokio::test]
async fn nobody_finds_or_changes_an_issue_through_another_product() {
    let stage = Stage::set().await;
    stage.house.product("market", "orca").await;
    let id = reported(&stage.support.client, "Checkout asks twice", "all").await;
    let both = stage.house.person("Mia Market", &[("market", "support")]).await;
    let elsewhere = format!("/products/market/known-issues/{id}");
    both.client.get(&elsewhere).await.refused(404);
    both.client.patch(&elsewhere, &json!({ "title": "Taken" })).await.refused(404);
    both.client.get(&format!("{ALL}/{id}")).await.refused(404);
    both.client.get(&format!("{ALL}?q=checkout")).await.refused(404);
    let found = both.client.get("/products/market/known-issues?q=checkout").await.must(200);
    assert_eq!(found["items"], json!([]));
    stage.house.admin().get(&elsewhere).await.refused(404);
}

#[tokio::test]
async fn a_report_that_comes_twice_is_one() {
    let stage = Stage::set().await;
    let keyed = stage.support.client.clone().with("idempotency-key", "the same report");
    let first = reported(&keyed, "Checkout asks twice", "all").await;
    assert_eq!(reported(&keyed, "Checkout asks twice", "all").await, first);
    assert_eq!(titles(&stage.support.client, "").await.len(), 1);
}

/// The best first, of all products that the reader sees and of no other.
#[tokio::test]
async fn the_search_finds_across_products_what_the_reader_sees() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    for slug in ["market", "hidden"] {
        stage.house.product(slug, "orca").await;
        let body = issue(&format!("Printer of {slug} stops"), "all");
        admin.post(&format!("/products/{slug}/known-issues"), &body).await.must(201);
    }
    reported(&stage.support.client, "Receipts are late", "all").await;
    let last = json!({ "workaround": "Restart the printer." });
    let id = reported(&stage.support.client, "Checkout asks twice", "all").await;
    stage.support.client.patch(&format!("{ALL}/{id}"), &last).await.must(200);
    let mia = stage.house.person("Mia Market", &[("market", "support"), ("shop", "support")]).await;
    let found = async |by: &Client, query: &str| {
        let shown = by.get(&format!("/search?q={query}")).await.must(200);
        let items = shown["items"].as_array().expect("items");
        assert!(shown["found"].as_u64().is_some_and(|found| found >= items.len() as u64), "{shown}");
        items.iter().map(|item| item["title"].as_str().expect("a title").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&mia.client, "pirnter").await, ["Printer of market stops", "Checkout asks twice"]);
    assert_eq!(found(&mia.client, "printer&product=shop").await, ["Checkout asks twice"]);
    assert_eq!(found(&mia.client, "printer&limit=1").await, ["Printer of market stops"]);
    assert_eq!(found(&mia.client, "printer+hidden").await.len(), 2, "a word of what they do not see finds nothing");
    assert_eq!(found(&stage.support.client, "printer").await, ["Checkout asks twice"]);
    assert_eq!(found(&stage.outsider.client, "printer").await, Vec::<String>::new());
    assert_eq!(found(&admin, "printer").await.len(), 3);
    mia.client.get("/search?q=printer&product=hidden").await.refused(404);
    mia.client.get("/search?q=").await.refused_field(422, "q");
    mia.client.get("/search").await.refused_field(422, "q");
    mia.client.get("/search?q=x&version=one").await.refused_field(422, "version");
}
