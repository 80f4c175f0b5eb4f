//! Rules of the calendar, what they change, and whose turn it is.

use crate::house::{House, Person, Stage};
use axum::body::Body;
use http::Method;
use serde_json::{Value, json};

fn freeze(product: &str) -> Value {
    json!({ "product": product, "kind": "freeze", "title": "Audit week", "reason": "The auditors are in the house.",
        "zone": "Europe/London", "from": "2026-03-27T09:00", "to": "2026-03-30T18:00", "except_types": ["hotfix"] })
}

async fn captain(house: &House) -> Person {
    house.person("Cleo Captain", &[("shop", "release_captain")]).await
}

fn titles(calendar: &Value) -> Vec<(String, String)> {
    let items = calendar["items"].as_array().expect("items");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    items.iter().map(|i| (text(&i["local_starts"]), text(&i["title"]))).collect()
}

#[tokio::test]
async fn a_captain_sets_a_freeze_and_everybody_sees_it_with_local_and_utc_times() {
    let stage = Stage::set().await;
    let captain = captain(&stage.house).await;
    let set = captain.client.post("/calendar/windows", &freeze("shop")).await.must(201);
    let id = set["id"].as_str().expect("an id");
    assert_eq!(
        (&set["product"], &set["kind"], &set["zone"]),
        (&json!("shop"), &json!("freeze"), &json!("Europe/London"))
    );
    assert_eq!(
        (&set["set_by_name"], &set["reason"]),
        (&json!("Cleo Captain"), &json!("The auditors are in the house."))
    );

    let week = "/calendar?from=2026-03-23&to=2026-03-31T00:00:00Z&product=shop";
    let calendar = stage.support.client.get(week).await.must(200);
    let expected = [
        ("2026-03-26T18:00", "Friday train"),
        ("2026-03-27T09:00", "Audit week"),
        ("2026-03-27T12:00", "Friday train"),
    ];
    assert_eq!(titles(&calendar), expected.map(|(at, title)| (at.to_owned(), title.to_owned())));
    let shown = &calendar["items"][1];
    // The clocks went forward on the 29th.
    assert_eq!((&shown["starts"], &shown["ends"]), (&json!("2026-03-27T09:00:00Z"), &json!("2026-03-30T17:00:00Z")));
    assert_eq!((&shown["id"], &shown["product"], &shown["closes"]), (&json!(id), &json!("shop"), &json!(true)));
    let train = &calendar["items"][2];
    assert_eq!((&train["playbook"], &train["products"]), (&json!("orca"), &json!(["shop"])));
    let conflict = &calendar["conflicts"][0];
    assert_eq!((&conflict["kind"], &conflict["rules"][1]), (&json!("train_blocked"), &json!(id)));

    // Who does not see the product sees nothing of it.
    stage.outsider.client.get(week).await.refused(404);
    let all = stage.outsider.client.get("/calendar?from=2026-03-23&to=2026-03-31").await.must(200);
    assert_eq!(all["items"], json!([]));
}

#[tokio::test]
async fn what_holds_everywhere_is_an_administrators_matter_and_seen_once() {
    let stage = Stage::set().await;
    stage.house.product("till", "orca").await;
    let captain = captain(&stage.house).await;
    captain.client.post("/calendar/windows", &freeze("*")).await.refused(403);
    captain.client.post("/calendar/windows", &freeze("till")).await.refused(404);
    stage.house.admin().post("/calendar/windows", &freeze("*")).await.must(201);
    let calendar = stage.house.admin().get("/calendar?from=2026-03-27&to=2026-03-28").await.must(200);
    let everywhere: Vec<&Value> =
        calendar["items"].as_array().expect("items").iter().filter(|i| i["product"] == "*").collect();
    assert_eq!(everywhere.len(), 1);
    let train = calendar["items"].as_array().expect("items").iter().find(|i| i["kind"] == "train").expect("a train");
    assert_eq!((&train["products"], &train["products_count"]), (&json!(["shop", "till"]), &json!(2)));
    // Somebody without a product still sees what holds for all.
    let seen = stage.outsider.client.get("/calendar?from=2026-03-27&to=2026-03-28").await.must(200);
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_rule_is_removed_with_a_reason_and_those_of_playbooks_are_not() {
    let stage = Stage::set().await;
    let captain = captain(&stage.house).await;
    let set = captain.client.post("/calendar/windows", &freeze("shop")).await.must(201);
    let path = format!("/calendar/windows/{}", set["id"].as_str().expect("an id"));
    let remove = async |by: &crate::house::Client, path: &str, body: Value| {
        by.send(Method::DELETE, path, Body::from(body.to_string())).await
    };
    remove(&stage.support.client, &path, json!({ "reason": "x" })).await.refused(403);
    remove(&stage.outsider.client, &path, json!({ "reason": "x" })).await.refused(404);
    remove(&captain.client, &path, json!({ "reason": " " })).await.refused_field(422, "reason");
    remove(&captain.client, &path, json!({})).await.refused_field(422, "reason");
    remove(&captain.client, "/calendar/windows/train-weekly", json!({ "reason": "x" })).await.refused(404);
    remove(&captain.client, &path, json!({ "reason": "They left early." })).await.must(204);
    remove(&captain.client, &path, json!({ "reason": "Again." })).await.refused(404);
    let calendar = captain.client.get("/calendar?from=2026-03-28&to=2026-03-29&product=shop").await.must(200);
    assert_eq!(calendar["items"], json!([]));
}

#[tokio::test]
async fn faults_name_the_field_what_was_found_and_what_is_allowed() {
    let stage = Stage::set().await;
    let captain = captain(&stage.house).await;
    let refused = async |change: Value| {
        let mut body = freeze("shop");
        for (key, value) in change.as_object().expect("fields") {
            body[key] = value.clone();
        }
        let problem = captain.client.post("/calendar/windows", &body).await.refused(422);
        (
            problem["field"].as_str().unwrap_or_default().to_owned(),
            problem["allowed"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let cases = [
        (json!({ "zone": "Europe/Lundon" }), "zone"),
        (json!({ "zone": null }), "zone"),
        (json!({ "kind": "siesta" }), "kind"),
        (json!({ "from": "tomorrow" }), "from"),
        (json!({ "to": "2026-03-01T00:00" }), "to"),
        (json!({ "to": null }), "to"),
        (json!({ "rrule": "FREQ=SOMETIMES" }), "rrule"),
        (json!({ "envs": ["producton"] }), "envs"),
        (json!({ "except_types": ["hotfx"] }), "except_types"),
        (json!({ "days_before": 2 }), "days_before"),
        (json!({ "title": "" }), "title"),
        (json!({ "tile": "x" }), "tile"),
        (json!({ "reason": "" }), "reason"),
    ];
    let before = stage.house.seq();
    for (change, field) in cases {
        let (named, allowed) = refused(change.clone()).await;
        assert_eq!(named, field, "{change}");
        assert!(!allowed.is_empty(), "{change}");
    }
    assert_eq!(stage.house.seq(), before, "nothing was recorded");
    captain.client.get("/calendar?from=yesterday").await.refused_field(422, "from");
    captain.client.get("/calendar?from=2026-01-01&to=2025-01-01").await.refused_field(422, "to");
    captain.client.get("/calendar?from=2026-01-01&to=2029-01-01").await.refused_field(422, "to");
}

#[tokio::test]
async fn the_same_request_under_the_same_key_sets_one_rule() {
    let stage = Stage::set().await;
    let captain = captain(&stage.house).await.client.with("idempotency-key", "freeze-1");
    let first = captain.post("/calendar/windows", &freeze("shop")).await.must(201);
    let again = captain.post("/calendar/windows", &freeze("shop")).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.must(201), first);
}

#[tokio::test]
async fn a_simulation_tells_the_next_ten_openings_across_a_change_of_the_clocks() {
    let stage = Stage::set().await;
    let mut train = json!({ "product": "shop", "kind": "train", "title": "London train", "reason": "Nearer to the team.",
        "zone": "Europe/London", "from": "2025-10-10T12:00", "to": "2025-10-10T14:00", "rrule": "FREQ=WEEKLY;BYDAY=FR",
        "types": ["patch"], "envs": ["production"] });
    let path = "/products/shop/calendar/simulations";
    let told = stage.support.client.post(path, &train).await.must(200);
    assert_eq!((&told["for_type"], &told["openings"].as_array().map(Vec::len)), (&json!("patch"), &Some(10)));
    let starts: Vec<&str> =
        told["openings"].as_array().expect("ten").iter().take(4).filter_map(|o| o["starts"].as_str()).collect();
    assert_eq!(
        starts,
        ["2025-10-10T11:00:00Z", "2025-10-17T11:00:00Z", "2025-10-24T11:00:00Z", "2025-10-31T12:00:00Z"]
    );
    let changed: Vec<bool> =
        told["openings"].as_array().expect("ten").iter().map(|o| o["clocks_changed"] == true).collect();
    assert_eq!(changed.iter().filter(|c| **c).count(), 1);
    assert!(changed[3] && told["openings"][3]["local_starts"] == "2025-10-31T12:00");
    // A patch ships on any day as it is.
    assert_eq!(told["openings_now"][0]["ends"], json!("2025-12-23T00:00:00Z"));
    let before = stage.house.seq();
    train["zone"] = json!("Nowhere/Land");
    stage.support.client.post(path, &train).await.refused_field(422, "zone");
    stage.outsider.client.post(path, &train).await.refused(404);
    assert_eq!(stage.house.seq(), before, "trying records nothing");
}

#[tokio::test]
async fn captains_take_turns_hand_over_and_stand_in() {
    let stage = Stage::set().await;
    let one = captain(&stage.house).await;
    let two = house_captain(&stage.house, "Carl Captain").await;
    let path = "/products/shop/rotations/release_captain";
    let body = json!({ "members": [one.id, two.id], "starts": "2025-10-06", "weekday": "Mon", "at": "09:00", "zone": "Europe/London" });
    one.client.put(path, &body).await.must(204);

    // It is Thursday the 9th of October.
    let shown = stage.support.client.get("/products/shop/rotations").await.must(200);
    let duty = |shown: &Value| {
        let items = shown["items"].as_array().expect("items");
        items.iter().find(|i| i["role"] == "release_captain").cloned().expect("the captain")
    };
    let captain = duty(&shown);
    assert_eq!(
        (&captain["now"]["holder_name"], &captain["now"]["ends"]),
        (&json!("Cleo Captain"), &json!("2025-10-13T08:00:00Z"))
    );
    assert_eq!(captain["turns"][1]["holder_name"], "Carl Captain");
    // After the clocks went back the hand-over is an hour later in UTC.
    assert_eq!(captain["turns"][3]["starts"], "2025-10-27T09:00:00Z");
    let on_call =
        shown["items"].as_array().expect("items").iter().find(|i| i["role"] == "on_call").expect("by the playbook");
    assert_eq!(on_call["rotation"], Value::Null);

    let off = json!({ "from": "2025-10-09", "to": "2025-10-10", "holder": two.id, "reason": "A day off." });
    two.client.post(&format!("{path}/overrides"), &off).await.must(201);
    let captain = duty(&stage.support.client.get("/products/shop/rotations").await.must(200));
    assert_eq!(
        (&captain["now"]["holder_name"], &captain["now"]["instead_of"]),
        (&json!("Carl Captain"), &json!(one.id))
    );

    // Refused: somebody without the role, a date that is taken, a role that does not exist, a rotation nobody set.
    let tess = json!({ "from": "2025-11-09", "to": "2025-11-10", "holder": stage.tess.id, "reason": "A day off." });
    two.client.post(&format!("{path}/overrides"), &tess).await.refused_field(422, "holder");
    two.client.post(&format!("{path}/overrides"), &off).await.refused_field(422, "overrides");
    two.client.put("/products/shop/rotations/admiral", &body).await.refused_field(422, "role");
    two.client.post("/products/shop/rotations/on_call/overrides", &off).await.refused(404);
    let backwards = json!({ "from": "2025-12-09", "to": "2025-12-01", "holder": one.id, "reason": "A day off." });
    two.client.post(&format!("{path}/overrides"), &backwards).await.refused_field(422, "overrides");
}

async fn house_captain(house: &House, name: &str) -> Person {
    house.person(name, &[("shop", "release_captain")]).await
}

#[tokio::test]
async fn the_gate_of_a_release_opens_when_the_calendar_does() {
    let stage = Stage::set().await;
    let captain = captain(&stage.house).await;
    let gate = async || {
        let release = stage.support.client.get("/products/shop/releases/1.0.0").await.must(200);
        let gates = release["gates"].as_array().expect("gates").clone();
        gates.into_iter().find(|g| g["id"] == "calendar" && g["env"] == "production").expect("the calendar's")
    };
    // It is Thursday the 9th of October, and a major takes Friday's train.
    let before = gate().await;
    assert_eq!((&before["state"], &before["next_opening"]), (&json!("unmet"), &json!("2025-10-10T12:00:00Z")));
    let mut friday = freeze("shop");
    (friday["from"], friday["to"]) = (json!("2025-10-10T09:00"), json!("2025-10-10T18:00"));
    let set = captain.client.post("/calendar/windows", &friday).await.must(201);
    assert_eq!(gate().await["next_opening"], "2025-10-17T12:00:00Z");
    let production = async || stage.support.client.get("/products/shop/environments/production").await.must(200);
    assert!(production().await["frozen"].is_null(), "tomorrow is not today");
    let mut today = freeze("shop");
    (today["from"], today["to"]) = (json!("2025-10-09T00:00"), json!("2025-10-09T23:00"));
    captain.client.post("/calendar/windows", &today).await.must(201);
    let frozen = production().await["frozen"].clone();
    assert_eq!((&frozen["why"], frozen["until"].is_string()), (&today["title"], true), "{frozen}");
    let path = format!("/calendar/windows/{}", set["id"].as_str().expect("an id"));
    let reason = Body::from(json!({ "reason": "They left early." }).to_string());
    captain.client.send(Method::DELETE, &path, reason).await.must(204);
    assert_eq!(gate().await["next_opening"], "2025-10-10T12:00:00Z");
}
