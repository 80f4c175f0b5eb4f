//! Lists, page by page.

use crate::house::{Client, Stage, at};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All items, `limit` at a time; no page is larger, none but the last is shorter.
async fn walk(client: &Client, path: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}?limit={limit}{cursor}")).await.must(200);
        let items = page["items"].as_array().expect("items").clone();
        assert!(items.len() <= limit, "{path}");
        all.extend(items.iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return all };
        assert!(!items.is_empty(), "{path}: a page without items leads nowhere");
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn every_list_is_whole_and_in_order_however_it_is_cut() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    for n in 0..7 {
        stage.house.clock.advance(chrono::Duration::seconds(1));
        stage.house.product(&format!("p{n}"), "mesh-os").await;
        stage.engineer.client.post("/products/shop/releases", &json!({ "bump": "patch" })).await.must(201);
        stage.engineer.client.patch(&at("shop", "1.0.0"), &json!({ "title": format!("T{n}") })).await.must(200);
    }
    let timeline = format!("{}/timeline", at("shop", "1.0.0"));
    let lists = [("/products", "slug"), ("/products/shop/releases", "version"), ("/users", "id"), ("/tokens", "id")];
    let more = [("/playbooks", "name"), ("/audit", "seq"), (timeline.as_str(), "seq")];
    for (path, id) in lists.into_iter().chain(more) {
        let whole = walk(&admin, path, 200).await;
        assert!(whole.len() >= 5, "{path}");
        let ids: BTreeSet<String> = whole.iter().map(|item| item[id].to_string()).collect();
        assert_eq!(ids.len(), whole.len(), "{path}: each stands once");
        for limit in [1, 2, 3, whole.len()] {
            assert_eq!(walk(&admin, path, limit).await, whole, "{path} by {limit}");
        }
    }
    let times = |items: &[Value]| items.iter().map(|item| item["created_at"].to_string()).collect::<Vec<_>>();
    for path in ["/products", "/products/shop/releases"] {
        let found = times(&walk(&admin, path, 200).await);
        let mut sorted = found.clone();
        sorted.sort();
        sorted.reverse();
        assert_eq!(found, sorted, "{path}: newest first");
    }
}

/// What is added while somebody pages neither repeats nor hides anything that was there.
#[tokio::test]
async fn pages_hold_while_things_are_added() {
    let stage = Stage::set().await;
    let path = "/products/shop/releases";
    for _ in 0..4 {
        stage.house.clock.advance(chrono::Duration::seconds(1));
        stage.engineer.client.post(path, &json!({ "bump": "patch" })).await.must(201);
    }
    let first = stage.support.client.get(&format!("{path}?limit=2")).await.must(200);
    stage.house.clock.advance(chrono::Duration::seconds(1));
    stage.engineer.client.post(path, &json!({ "bump": "major" })).await.must(201);
    let cursor = first["next_cursor"].as_str().expect("more");
    let second = stage.support.client.get(&format!("{path}?limit=2&cursor={cursor}")).await.must(200);
    let versions = |page: &Value| {
        page["items"].as_array().expect("items").iter().map(|r| r["version"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(versions(&first), ["1.0.4", "1.0.3"]);
    assert_eq!(versions(&second), ["1.0.2", "1.0.1"]);
}

#[tokio::test]
async fn wrong_pages_are_refused_by_name() {
    let stage = Stage::set().await;
    let timeline = format!("{}/timeline", at("shop", "1.0.0"));
    let lists = ["/products", "/users", "/tokens", "/playbooks", "/products/shop/releases", "/audit", &timeline];
    for path in lists {
        for limit in ["0", "-1", "1001", "many", "", "1e3", "99999999999999999999"] {
            stage.house.admin().get(&format!("{path}?limit={limit}")).await.refused_field(422, "limit");
        }
        stage.house.admin().get(&format!("{path}?cursor=%21%21")).await.refused_field(422, "cursor");
        let problem = stage.house.admin().get(&format!("{path}?limmit=5")).await.refused_field(422, "limmit");
        assert!(problem["allowed"].as_str().is_some_and(|allowed| allowed.contains("limit")), "{problem}");
    }
    stage.house.admin().get("/audit?since=soon").await.refused_field(422, "since");
}

#[tokio::test]
async fn lists_hold_what_the_reader_sees() {
    let stage = Stage::set().await;
    stage.house.product("hidden", "orca").await;
    let slugs = async |client: &Client| {
        let all = walk(client, "/products", 10).await;
        all.iter().map(|p| p["slug"].as_str().expect("a slug").to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(slugs(&stage.outsider.client).await, BTreeSet::new());
    assert_eq!(slugs(&stage.support.client).await, ["shop".to_owned()].into());
    assert_eq!(slugs(&stage.house.admin()).await, ["hidden".to_owned(), "shop".to_owned()].into());
    let tokens = walk(&stage.support.client, "/tokens", 10).await;
    assert!(tokens.len() == 1 && tokens[0]["user"] == stage.support.id, "{tokens:?}");
}
