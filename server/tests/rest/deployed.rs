//! Deployments: started, shown, steered, taken back.

use crate::house::{
    Floor, at,
    floor::{DEPLOYMENTS, PRODUCTION},
};
use control::memory::Mishap;
use domain::rollout::ActionKind;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

fn to_release(rest: &str) -> String {
    format!("{}{rest}", at("kiosk", "1.0.1"))
}

fn back(reason: &str) -> Value {
    json!({ "env": "production", "reason": reason })
}

#[tokio::test]
async fn a_canary_from_its_plan_to_its_end() {
    let floor = Floor::set().await;
    let path = to_release("/deployments/plan?env=production&strategy=canary&initial_traffic=10");
    let plan = floor.support.client.get(&path).await.must(200);
    let actions = |shown: &Value| -> Vec<String> {
        let steps = shown["steps"].as_array().expect("steps").iter();
        steps.map(|step| format!("{} {}", step["action"].as_str().expect("an action"), step["share"])).collect()
    };
    assert_eq!(
        actions(&plan)[..6],
        ["deploy null", "verify null", "weight 10", "watch null", "weight 25", "watch null"]
    );
    assert_eq!((&plan["previous"], &plan["driver"], &plan["gates"]), (&json!("1.0.0"), &json!("local"), &json!([])));

    let body = json!({ "env": "production", "strategy": "canary", "initial_traffic": 10, "reason": "It is Tuesday." });
    let started = floor.engineer.client.post(&to_release("/deployments"), &body).await.must(202);
    assert_eq!(actions(&started), actions(&plan), "what was said is what is done");
    let expected = json!({ "version": "1.0.1", "previous": "1.0.0", "env": "production", "purpose": "promotion",
        "strategy": "canary", "driver": "local", "state": "pending", "reason": "It is Tuesday.", "product": "kiosk",
        "started_by": floor.engineer.id, "stuck": false });
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(&started[field], value, "{field}");
    }
    assert_eq!(started["weight"], json!({ "desired": 0, "actual": null }));
    assert_eq!((&started["step"]["n"], &started["step"]["of"]), (&json!(1), &json!(9)));
    let id = started["id"].as_str().expect("an id");
    let shown = floor.comes_to(id, "judging").await;
    assert_eq!(shown["weight"], json!({ "desired": 10, "actual": 10 }));
    let (step, keys) = (&shown["steps"][2], shown["steps"].as_array().expect("steps"));
    assert_eq!((&step["state"], &step["attempts"], &step["back"]), (&json!("done"), &json!(1), &json!(false)));
    assert!(step["started_at"].is_string() && step["finished_at"].is_string(), "{step}");
    let keys: BTreeSet<&str> = keys.iter().filter_map(|step| step["key"].as_str()).collect();
    assert_eq!(keys.len(), 9, "each has its own");
    let ledger = floor.house.ground.ledger();
    assert!(ledger.iter().all(|effect| keys.contains(effect.key.to_string().as_str())), "the driver knows them by it");

    let release = floor.support.client.get(&to_release("")).await.must(200);
    assert_eq!(release["state"], "shipping");
    let environments = release["environments"].as_array().expect("environments");
    let production = environments.iter().find(|e| e["name"] == "production").expect("there");
    assert_eq!(production["deployment"], json!({ "id": id, "state": "judging", "purpose": "promotion" }));
    let env = floor.support.client.get(PRODUCTION).await.must(200);
    assert_eq!((&env["version"], &env["lock"], &env["driver"]), (&json!("1.0.0"), &json!(id), &json!("local")));

    floor.steer(id, "promote", &json!({ "fully": true })).await.must(200);
    floor.comes_to(id, "validating").await;
    floor.house.clock.advance(chrono::Duration::minutes(31));
    let live = floor.comes_to(id, "live").await;
    assert_eq!((&live["step"]["n"], &live["weight"]), (&json!(9), &json!({ "desired": 100, "actual": 100 })));
    assert!(live["ended_at"].is_string() && live.get("clock").is_none(), "{live}");
    let state = async |version: &str| floor.support.client.get(&at("kiosk", version)).await.must(200)["state"].clone();
    assert_eq!(state("1.0.1").await, "live");
    let product = floor.support.client.get("/products/kiosk").await.must(200);
    assert_eq!(product["running"]["production"], "1.0.1");
    floor.approved("1.0.2").await;
    let second = floor.started("1.0.2", "blue_green").await;
    floor.comes_to(&second, "validating").await;
    floor.house.clock.advance(chrono::Duration::minutes(31));
    floor.comes_to(&second, "live").await;
    assert_eq!((state("1.0.1").await, state("1.0.2").await), (json!("superseded"), json!("live")));
    let list = floor.support.client.get("/products/kiosk/releases").await.must(200);
    let states: Vec<&Value> = list["items"].as_array().expect("items").iter().map(|item| &item["state"]).collect();
    assert_eq!(states, ["live", "superseded"], "the list says the same");
    assert_eq!(floor.shown(id).await["state"], "superseded");
}

#[tokio::test]
async fn they_are_listed_newest_first_page_by_page() {
    let floor = Floor::set().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = floor.at_five_percent().await;
        floor.steer(&id, "abort", &json!({})).await.must(200);
        floor.comes_to(&id, "rolled_back").await;
        floor.engineer.client.withdraw(&format!("{PRODUCTION}/hold"), &json!({ "reason": "Seen." })).await.must(204);
        ids.insert(0, id);
    }
    let by = &floor.support.client;
    let id_of = |page: &Value, n: usize| page["items"][n]["id"].as_str().expect("an id").to_owned();
    let first = by.get(&format!("{DEPLOYMENTS}?limit=2")).await.must(200);
    assert_eq!([id_of(&first, 0), id_of(&first, 1)], ids[..2]);
    let cursor = first["next_cursor"].as_str().expect("more");
    let rest = by.get(&format!("{DEPLOYMENTS}?limit=2&cursor={cursor}")).await.must(200);
    assert_eq!((id_of(&rest, 0), &rest["next_cursor"]), (ids[2].clone(), &Value::Null));
    assert_eq!(by.get(&format!("{DEPLOYMENTS}?env=staging")).await.must(200)["items"], json!([]));
    let all = by.get(&format!("{DEPLOYMENTS}?env=production")).await.must(200);
    assert_eq!(all["items"].as_array().map(Vec::len), Some(3));
    by.get(&format!("{DEPLOYMENTS}?limit=0")).await.refused_field(422, "limit");
    by.get(&format!("{DEPLOYMENTS}?cursor=%25")).await.refused_field(422, "cursor");
    by.get(&format!("{DEPLOYMENTS}?state=live")).await.refused_field(422, "state");
    by.get(&format!("{DEPLOYMENTS}/nothing")).await.refused(404);
    // Another product's is not there.
    floor.house.product("other", "tests").await;
    floor.house.admin().get(&format!("/products/other/deployments/{}", ids[0])).await.refused(404);
}

#[tokio::test]
async fn people_steer_it() {
    let floor = Floor::set().await;
    let id = floor.at_five_percent().await;
    let paused = floor.steer(&id, "pause", &json!({ "reason": "Lunch." })).await.must(200);
    assert_eq!((&paused["state"], &paused["paused"]["why"]), (&json!("paused"), &json!("Lunch.")));
    assert_eq!(paused["paused"]["by"], floor.engineer.id);
    let resumed = floor.steer(&id, "resume", &json!({})).await.must(200);
    assert_eq!((&resumed["state"], resumed.get("paused")), (&json!("judging"), None));
    floor.steer(&id, "promote", &json!({})).await.must(200);
    floor.until(&id, |shown| shown["weight"]["actual"] == 25 && shown["state"] == "judging").await;
    floor.steer(&id, "pause", &json!({ "fully": true })).await.refused_field(422, "fully");
    floor.steer(&id, "promote_fully", &json!({})).await.refused(404);
    floor.steer(&id, "explode", &json!({})).await.refused(404);
    let empty = floor.engineer.client.send(http::Method::POST, &format!("{DEPLOYMENTS}/{id}/pause"), "".into()).await;
    empty.must(200);
    let aborted = floor.steer(&id, "abort", &json!({ "reason": "It is slow." })).await.must(200);
    assert_eq!(aborted["state"], "rolling_back");
    let (cause, by) = (&aborted["turned_back"]["cause"], &aborted["turned_back"]["by"]);
    assert_eq!((cause, by), (&json!("person"), &json!(floor.engineer.id)));
    let done = floor.comes_to(&id, "rolled_back").await;
    assert!(done["steps"].as_array().expect("steps").iter().any(|s| s["back"] == true && s["action"] == "roll_back"));
    floor.steer(&id, "abort", &json!({})).await.must(200);
    floor.steer(&id, "pause", &json!({})).await.refused(409);
    let seq = floor.house.seq();
    let env = floor.support.client.get(PRODUCTION).await.must(200);
    assert_eq!(env["hold"]["deployment"], json!(id));
    assert_eq!(floor.house.seq(), seq);
}

#[tokio::test]
async fn the_way_back_is_timed_against_the_playbook() {
    let floor = Floor::set().await;
    let id = floor.at_five_percent().await;
    floor.house.ground.mishap(ActionKind::RollBack, Mishap::NotDone);
    floor.steer(&id, "abort", &json!({})).await.must(200);
    floor.until(&id, |shown| shown["steps"].to_string().contains("not now")).await;
    floor.house.clock.advance(chrono::Duration::minutes(11));
    let shown = floor.comes_to(&id, "rolled_back").await;
    let parts = shown["clock"]["parts"].as_array().expect("parts");
    let part = |id: &str| parts.iter().find(|part| part["id"] == id).unwrap_or_else(|| panic!("no {id}")).clone();
    let facts = |id: &str| [part(id)["budget_seconds"].clone(), part(id)["seconds"].clone(), part(id)["state"].clone()];
    assert_eq!(facts("detection"), [json!(120), json!(0), json!("met")]);
    assert_eq!(facts("decision"), [json!(300), json!(0), json!("met")]);
    assert_eq!(facts("execution"), [json!(600), json!(660), json!("missed")]);
    assert_eq!(facts("verification"), [json!(900), json!(0), json!("met")]);
    assert_eq!(facts("total"), [json!(1800), json!(660), json!("met")]);
    assert!(parts.iter().all(|part| part["over"] == true), "{parts:?}");
}

#[tokio::test]
async fn what_hangs_is_flagged_with_advice_then_parked_and_resolved() {
    let floor = Floor::set().await;
    floor.house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    let id = floor.started("1.0.1", "canary").await;
    floor.comes_to(&id, "running").await;
    let early = floor.shown(&id).await;
    assert!(early["stuck"] == false && early.get("troubleshooting").is_none(), "{early}");
    floor.house.clock.advance(chrono::Duration::minutes(10));
    let stuck = floor.until(&id, |shown| shown["stuck"] == true).await;
    let advice = &stuck["troubleshooting"][0];
    assert_eq!((&advice["id"], &advice["do"][1]), (&json!("stuck"), &json!("Take it back")));
    floor.house.clock.advance(chrono::Duration::minutes(6));
    let parked = floor.comes_to(&id, "parked").await;
    assert_eq!(parked["parked"]["step"], 1);
    assert!(parked["parked"]["why"].as_str().is_some_and(|why| !why.is_empty()));
    floor.steer(&id, "promote", &json!({})).await.refused(409);

    let path = |n: &str| format!("{DEPLOYMENTS}/{id}/steps/{n}");
    let by = &floor.engineer.client;
    let happened = json!({ "happened": true, "reason": "It stands there." });
    floor.house.anonymous().post(&path("1"), &happened).await.refused(401);
    floor.outsider.client.post(&path("1"), &happened).await.refused(404);
    floor.support.client.post(&path("1"), &happened).await.refused(403);
    by.post(&path("99"), &happened).await.refused(404);
    by.post(&path("one"), &happened).await.refused(404);
    by.post(&path("1"), &json!({ "happened": "yes", "reason": "x" })).await.refused_field(422, "happened");
    by.post(&path("1"), &json!({ "happened": true, "reason": " " })).await.refused_field(422, "reason");
    by.post(&path("2"), &happened).await.refused_field(409, "step");
    let keyed = by.clone().with("idempotency-key", "resolved");
    let first = keyed.post(&path("1"), &happened).await.must(200);
    assert_eq!((&first["steps"][0]["state"], &first["steps"][0]["said"]), (&json!("done"), &json!("It stands there.")));
    let again = keyed.post(&path("1"), &happened).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.must(200), first);
    by.post(&path("1"), &happened).await.refused(409);
    floor.comes_to(&id, "judging").await;
}

#[tokio::test]
async fn a_rollback_says_which_deployment_leads_back_and_repeating_it_says_the_same() {
    let floor = Floor::set().await;
    let id = floor.at_five_percent().await;
    floor.house.ground.mishap(ActionKind::RollBack, Mishap::NotDone);
    let keyed = floor.engineer.client.clone().with("idempotency-key", "back");
    let first = keyed.post("/products/kiosk/rollbacks", &back("It burns.")).await.must(202);
    assert_eq!((&first["id"], &first["state"]), (&json!(id), &json!("rolling_back")));
    assert_eq!(keyed.post("/products/kiosk/rollbacks", &back("It burns.")).await.must(202), first);
    let other = floor.roll_back(&json!({ "env": "production", "to_version": "1.0.0" })).await.must(202);
    assert_eq!(other["id"], json!(id));
    floor.until(&id, |shown| shown["steps"].to_string().contains("not now")).await;
    floor.house.clock.advance(chrono::Duration::seconds(5));
    floor.comes_to(&id, "rolled_back").await;
    assert_eq!(floor.roll_back(&back("Again.")).await.must(202)["id"], json!(id), "not further back");
    floor.roll_back(&json!({ "env": "moon" })).await.refused_field(422, "env");
    floor.roll_back(&json!({ "env": "production", "to_version": "0.1.0" })).await.refused_field(422, "to_version");
    floor.roll_back(&json!({ "env": "production", "to_version": "new" })).await.refused_field(422, "to_version");
    let nothing = floor.roll_back(&json!({ "env": "staging" })).await.refused(423);
    assert!(nothing["who_can_help"].is_string(), "{nothing}");

    // Nothing comes in until somebody resumes.
    let held = floor.promote(&floor.engineer.client, "1.0.1", "canary").await.refused(423);
    assert!(held["detail"].as_str().is_some_and(|why| why.contains("It burns.")), "{held}");
    let path = format!("{PRODUCTION}/hold");
    let seen = json!({ "reason": "We know why." });
    floor.house.anonymous().withdraw(&path, &seen).await.refused(401);
    floor.outsider.client.withdraw(&path, &seen).await.refused(404);
    floor.support.client.withdraw(&path, &seen).await.refused(403);
    floor.engineer.client.withdraw(&path, &json!({ "reason": "" })).await.refused_field(422, "reason");
    floor.engineer.client.withdraw(&path, &seen).await.must(204);
    assert!(floor.support.client.get(PRODUCTION).await.must(200).get("hold").is_none());
    floor.started("1.0.1", "canary").await;
}

#[tokio::test]
async fn a_rollback_of_what_is_live_is_a_deployment_of_its_own() {
    let floor = Floor::set().await;
    let id = floor.started("1.0.1", "blue_green").await;
    floor.comes_to(&id, "validating").await;
    floor.house.clock.advance(chrono::Duration::minutes(31));
    floor.comes_to(&id, "live").await;
    let shown = floor.roll_back(&back("Complaints.")).await.must(202);
    assert_ne!(shown["id"], json!(id));
    let expected = (&json!("rollback"), &json!("1.0.0"), &json!("1.0.1"), &Value::Null);
    assert_eq!((&shown["purpose"], &shown["version"], &shown["previous"], &shown["strategy"]), expected);
    let back = floor.comes_to(shown["id"].as_str().expect("an id"), "rolled_back").await;
    assert_eq!(back["clock"]["parts"].as_array().map(Vec::len), Some(5));
    assert_eq!(floor.support.client.get(PRODUCTION).await.must(200)["version"], "1.0.0");
}

#[tokio::test]
async fn refusals_of_a_promotion_in_their_order() {
    let floor = Floor::set().await;
    let path = to_release("/deployments");
    let faulty = json!({ "env": "production", "strategy": "canary", "initial_traffic": 0, "digest": "0".repeat(64) });
    floor.house.anonymous().post(&path, &faulty).await.refused(401);
    floor.outsider.client.post(&path, &faulty).await.refused(404);
    floor.support.client.post(&path, &faulty).await.refused(403);
    floor.manager.client.post(&path, &faulty).await.refused(403);
    let by = &floor.engineer.client;
    let seq = floor.house.seq();
    let wrong: [(&str, Value); 8] = [
        ("initial_traffic", json!(0)),
        ("initial_traffic", json!(101)),
        ("initial_traffic", json!("5")),
        ("initial_traffic", json!(50)),
        ("env", json!("moon")),
        ("strategy", json!("catapult")),
        ("digest", json!("12")),
        ("reason", json!("x".repeat(3_000))),
    ];
    for (field, value) in wrong {
        let mut body = json!({ "env": "production", "strategy": "canary" });
        body[field] = value;
        by.post(&path, &body).await.refused_field(422, field);
    }
    by.post(&path, &json!({})).await.refused_field(422, "env");
    by.post(&format!("{}/deployments", at("kiosk", "7.7.7")), &faulty).await.refused(404);
    let outdated = json!({ "env": "production", "digest": "0".repeat(64) });
    by.post(&path, &outdated).await.refused_field(409, "digest");
    // Not approved: 423 with the gates; with another one under way: 409 before that.
    floor.draft("1.0.2").await;
    let blocked = floor.promote(by, "1.0.2", "canary").await.refused(423);
    assert!(blocked["gates"].as_array().is_some_and(|gates| !gates.is_empty()), "{blocked}");
    let nowhere = by.post(&path, &json!({ "env": "staging" })).await.refused(423);
    assert!(nowhere["who_can_help"].as_str().is_some_and(|who| who.contains("administrator")), "{nowhere}");
    assert_eq!(floor.house.seq(), seq + 1, "nothing of all that was recorded");
    floor.at_five_percent().await;
    let second = floor.promote(by, "1.0.2", "canary").await.refused(409);
    assert!(second["actual"].as_str().is_some_and(|actual| actual.starts_with("rollout ")), "{second}");
    for (query, field) in [
        ("", "env"),
        ("?env=moon", "env"),
        ("?env=production&strategy=no", "strategy"),
        ("?env=production&initial_traffic=x", "initial_traffic"),
        ("?env=production&colour=red", "colour"),
    ] {
        floor.support.client.get(&format!("{path}/plan{query}")).await.refused_field(422, field);
    }
    floor.outsider.client.get(&format!("{path}/plan?env=production")).await.refused(404);
    floor.support.client.get(&format!("{path}/plan?env=staging")).await.refused(423);
    let plan = floor.support.client.get(&format!("{path}/plan?env=production")).await.must(200);
    assert_eq!(plan["under_way"]["state"], "judging");
}

#[tokio::test]
async fn a_promotion_repeated_under_one_key_is_one() {
    let floor = Floor::set().await;
    let keyed = floor.engineer.client.clone().with("idempotency-key", "promote");
    let first = floor.promote(&keyed, "1.0.1", "canary").await.must(202);
    floor.comes_to(first["id"].as_str().expect("an id"), "judging").await;
    let again = floor.promote(&keyed, "1.0.1", "canary").await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.must(202), first, "the first answer, not how it is by now");
    floor.promote(&keyed, "1.0.1", "rolling").await.refused_field(422, "Idempotency-Key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_promotions_at_once_one_wins() {
    for _ in 0..4 {
        let floor = Floor::set().await;
        let path = to_release("/deployments");
        let mut all = JoinSet::new();
        for n in 0..50 {
            let (by, path) = (floor.engineer.client.clone(), path.clone());
            let strategy = ["canary", "rolling"][n % 2];
            let body = json!({ "env": "production", "strategy": strategy });
            all.spawn(async move { by.post(&path, &body).await });
        }
        let answers = all.join_all().await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 202).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 49);
        let listed = floor.support.client.get(DEPLOYMENTS).await.must(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(listed["items"][0]["id"], won[0].body["id"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rollback_never_loses_and_all_are_told_the_same() {
    for _ in 0..4 {
        let floor = Floor::set().await;
        let path = to_release("/deployments");
        floor.at_five_percent().await;
        let mut all = JoinSet::new();
        for n in 0..50 {
            let (by, path) = (floor.engineer.client.clone(), path.clone());
            all.spawn(async move {
                match n % 5 {
                    0 => (true, by.post("/products/kiosk/rollbacks", &back("Fire.")).await),
                    _ => (false, by.post(&path, &json!({ "env": "production" })).await),
                }
            });
        }
        let answers = all.join_all().await;
        let backs: Vec<_> = answers.iter().filter(|(back, _)| *back).map(|(_, answer)| answer).collect();
        assert!(backs.iter().all(|answer| answer.status == 202), "{backs:?}");
        let ids: BTreeSet<_> = backs.iter().map(|answer| answer.body["id"].to_string()).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert!(answers.iter().all(|(back, answer)| *back || matches!(answer.status, 409 | 423)));
        floor.comes_to(backs[0].body["id"].as_str().expect("an id"), "rolled_back").await;
        let env = floor.support.client.get(PRODUCTION).await.must(200);
        assert_eq!((&env["version"], env["hold"].is_object()), (&json!("1.0.0"), true));
    }
}

#[tokio::test]
async fn they_are_counted() {
    let floor = Floor::set().await;
    let metrics = async || {
        let request = http::Request::get("/metrics");
        let response = floor.house.anonymous().response(request, axum::body::Body::empty()).await;
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    };
    floor.at_five_percent().await;
    let counted = async {
        loop {
            let page = metrics().await;
            if page.contains("pilothouse_rollout_steps_total{outcome=\"done\"} 3") {
                return page;
            }
            tokio::task::yield_now().await;
        }
    };
    let page = tokio::time::timeout(crate::house::PATIENCE, counted).await.expect("deploy, verify and weight");
    for line in ["pilothouse_rollouts_under_way 1", "pilothouse_rollouts_parked 0", "pilothouse_rollouts_leader 1"] {
        assert!(page.contains(line), "no “{line}” in {page}");
    }
}
