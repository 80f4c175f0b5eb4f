//! Delivery figures: from imports and from the record itself, exactly as far as somebody may see.

use crate::house::{Answer, Client, Floor, House};
use axum::body::Body;
use http::Method;
use serde_json::{Value, json};

const FROM_TO: &str = "from=2025-03-01T00:00:00Z&to=2025-03-31T00:00:00Z";

/// March 2025 of one product: a first deployment, a good one, one in trouble and its hotfix.
fn march(product: &str) -> Vec<Value> {
    let deployment = |id: &str, at: &str, kind: &str, changes: &[&str]| {
        json!({ "type": "deployment", "product": product, "env": "production", "id": id, "version": "1.0.0",
            "started_at": format!("{at}:00:00Z"), "finished_at": format!("{at}:30:00Z"), "outcome": "success",
            "kind": kind, "changes": changes })
    };
    let mut hotfix = deployment("d3", "2025-03-20T12", "hotfix", &[]);
    hotfix["remediates"] = "d2".into();
    vec![
        json!({ "type": "change", "product": product, "id": "c1", "committed_at": "2025-03-03T10:30:00Z" }),
        json!({ "type": "change", "product": product, "id": "c2", "committed_at": "2025-03-08T12:30:00Z",
            "merged_at": "2025-03-09T12:30:00Z" }),
        deployment("d0", "2025-03-02T12", "regular", &["c0"]),
        deployment("d1", "2025-03-05T10", "regular", &["c1"]),
        deployment("d2", "2025-03-10T12", "regular", &["c2", "c9"]),
        hotfix,
        json!({ "type": "incident", "product": product, "env": "production", "id": "i1", "severity": "sev1",
            "started_at": "2025-03-10T13:00:00Z", "resolved_at": "2025-03-10T18:30:00Z", "deployment": "d2" }),
    ]
}

fn lines(facts: &[Value]) -> String {
    facts.iter().flat_map(|fact| [fact.to_string(), "\n".to_owned()]).collect()
}

async fn import(by: &Client, query: &str, text: &str) -> Answer {
    by.send(Method::POST, &format!("/import?{query}"), Body::from(text.to_owned())).await
}

async fn figures(by: &Client, query: &str) -> Value {
    by.get(&format!("/dora?{FROM_TO}&{query}")).await.must(200)
}

#[track_caller]
fn told(report: &Value, figure: &str, value: impl Into<Option<f64>>, n: u64) {
    let found = &report["figures"][figure];
    let (value, found_value) = (value.into(), found["value"].as_f64());
    let same = match (value, found_value) {
        (None, None) => true,
        (Some(value), Some(found)) => (value - found).abs() < 1e-9 * value.abs().max(1.0),
        _ => false,
    };
    assert!(same && found["n"] == n, "{figure}: expected {value:?} of {n}, told {found}");
}

#[tokio::test]
async fn a_team_sees_its_history_as_soon_as_it_is_imported() {
    let house = House::new().await;
    house.product("shop", "orca").await;
    let nothing = figures(&house.admin(), "product=shop").await;
    told(&nothing, "deployment_frequency", 0.0, 0);
    for figure in ["change_lead_time", "change_fail_rate", "failed_deployment_recovery_time", "deployment_rework_rate"]
    {
        told(&nothing, figure, None, 0);
        assert!(nothing["figures"][figure].get("band").is_none(), "no data stands nowhere");
    }
    let answer = import(&house.admin(), "name=march.ndjson", &lines(&march("shop"))).await.must(200);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(7), &json!([])));
    assert_eq!(answer["products"]["shop"], json!({ "changes": 2, "deployments": 4, "incidents": 1 }));

    let report = figures(&house.admin(), "product=shop&bucket=month&zone=Europe/London").await;
    told(&report, "deployment_frequency", 4.0 / 30.0, 4);
    told(&report, "change_lead_time", 48.0 * 3_600.0, 2);
    told(&report, "change_fail_rate", 0.25, 4);
    told(&report, "failed_deployment_recovery_time", 6.0 * 3_600.0, 1);
    told(&report, "deployment_rework_rate", 0.25, 4);
    told(&report, "merge_lead_time", 24.0 * 3_600.0, 1);
    told(&report, "deployment_duration", 1_800.0, 4);
    let lead = &report["figures"]["change_lead_time"];
    let left_out = |reason: &str| {
        let all = lead["excluded"].as_array().expect("reasons");
        all.iter().find(|e| e["reason"] == reason).map(|e| e["n"].clone())
    };
    assert_eq!(left_out("first_deployment"), Some(json!(1)));
    assert_eq!(left_out("negative_span"), Some(json!(0)), "it is said although there are none");
    assert_eq!(left_out("unknown_change"), Some(json!(1)));
    assert_eq!((&report["zone"], &report["definition"]), (&json!("Europe/London"), &json!(1)));
    assert_eq!(report["period"], json!({ "from": "2025-03-01T00:00:00.000Z", "to": "2025-03-31T00:00:00.000Z" }));
    // Britain put its clocks forward on the 30th; March is cut at its own midnights.
    let buckets = lead["buckets"].as_array().expect("buckets");
    assert_eq!((buckets.len(), &buckets[0]["name"], &buckets[0]["partial"]), (1, &json!("2025-03"), &json!(true)));
    assert!(lead["band"]["year"] == 2024, "{lead}");

    // One click further: the very events.
    let behind = lead["behind"].as_str().expect("an address").to_owned();
    let rows = house.admin().get(&behind).await.must(200);
    let items = rows["items"].as_array().expect("rows");
    let of = |change: &str| items.iter().find(|row| row["change"] == change).expect("a row").clone();
    assert_eq!((of("c1")["value"].as_f64(), of("c2")["value"].as_f64()), (Some(172_800.0), Some(172_800.0)));
    assert_eq!((&of("c9")["left_out"], &of("c0")["left_out"]), (&json!("unknown_change"), &json!("first_deployment")));
    let csv = house.admin().response(http::Request::get(format!("{behind}&format=csv")), Body::empty()).await;
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let bytes = axum::body::to_bytes(csv.into_body(), usize::MAX).await.expect("a body");
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    assert_eq!(text.lines().count(), 1 + items.len(), "{text}");
    let fail =
        house.admin().get(&format!("/dora/change_fail_rate/behind?product=shop&{FROM_TO}&limit=1")).await.must(200);
    assert_eq!((&fail["total"], fail["next_cursor"].is_string()), (&json!(4), true));
    let without = figures(&house.admin(), "product=shop&rework=no").await;
    told(&without, "deployment_frequency", 0.1, 3);
}

#[tokio::test]
async fn a_file_is_taken_whole_or_not_at_all_unless_a_part_is_asked_for() {
    let house = House::new().await;
    house.product("shop", "orca").await;
    let admin = house.admin();
    let mut facts = march("shop");
    facts[0]["committed_at"] = "yesterday".into();
    facts.push(json!({ "type": "change", "product": "nowhere", "id": "c1", "committed_at": "2025-03-03T10:30:00Z" }));
    let text = lines(&facts);
    let before = house.seq();
    let refused = import(&admin, "", &text).await.refused(422);
    assert_eq!(refused["accepted"], 0);
    let wrong = refused["rejected"].as_array().expect("lines");
    assert_eq!((wrong.len(), &wrong[0]["line"], &wrong[0]["field"]), (2, &json!(1), &json!("committed_at")));
    assert!(wrong[0]["why"].as_str().is_some_and(|why| why.contains("“yesterday”") && why.contains("a time such as")));
    assert_eq!((&wrong[1]["line"], &wrong[1]["field"]), (&json!(8), &json!("product")));
    let dry = import(&admin, "dry_run=true", &text).await.must(200);
    assert_eq!((&dry["accepted"], &dry["rejected_total"], &dry["id"]), (&json!(6), &json!(2), &Value::Null));
    assert_eq!(house.seq(), before, "nothing was recorded");
    told(&figures(&admin, "").await, "deployment_frequency", 0.0, 0);
    let partial = import(&admin, "partial=true", &text).await.must(200);
    assert_eq!((&partial["accepted"], partial["rejected"].as_array().map(Vec::len)), (&json!(6), Some(2)));
    told(&figures(&admin, "").await, "deployment_frequency", 4.0 / 30.0, 4);
    import(&admin, "", "").await.refused_field(422, "text");
    import(&admin, "partial=maybe", &text).await.refused_field(422, "partial");
    import(&admin, "partial=true", "{}\n").await.refused_field(422, "lines");
    assert_eq!(house.seq(), before + 1, "one event for the one import");
}

#[tokio::test]
async fn an_import_is_undone_as_if_it_had_not_been_and_a_later_one_corrects() {
    let house = House::new().await;
    house.product("shop", "orca").await;
    let admin = house.admin();
    import(&admin, "name=first", &lines(&march("shop"))).await.must(200);
    // The same deployment, told otherwise in a table.
    let table = "type,product,env,id,version,started_at,finished_at,outcome,kind\r\n\
                 deployment,shop,production,d1,1.0.0,2025-03-05T10:00:00Z,2025-03-05T10:30:00Z,failed,regular\r\n";
    let second = import(&admin, "name=second", table).await.must(200);
    told(&figures(&admin, "").await, "deployment_frequency", 0.1, 3);
    let id = second["id"].as_str().expect("an id");
    admin.withdraw(&format!("/imports/{id}"), &json!({ "reason": " " })).await.refused_field(422, "reason");
    admin.withdraw(&format!("/imports/{id}"), &json!({ "reason": "It did succeed." })).await.must(204);
    told(&figures(&admin, "").await, "deployment_frequency", 4.0 / 30.0, 4);
    let seq = house.seq();
    admin.withdraw(&format!("/imports/{id}"), &json!({ "reason": "Again." })).await.must(204);
    assert_eq!(house.seq(), seq, "undone once");
    let list = admin.get("/imports").await.must(200);
    let items = list["items"].as_array().expect("imports");
    assert_eq!((items[0]["name"].as_str(), items[1]["name"].as_str()), (Some("second"), Some("first")));
    assert_eq!((&items[0]["undone"]["reason"], &items[1]["undone"]), (&json!("It did succeed."), &Value::Null));
    admin.withdraw("/imports/00000000-0000-4000-8000-000000000000", &json!({ "reason": "x" })).await.refused(404);
    let events = admin.get("/audit?limit=1000").await.must(200);
    let kinds: Vec<&str> =
        events["items"].as_array().expect("events").iter().filter_map(|e| e["kind"].as_str()).collect();
    let imports = kinds.iter().filter(|kind| kind.starts_with("import.")).count();
    assert_eq!(imports, 3, "{kinds:?}");
}

#[tokio::test]
async fn nobody_sees_figures_of_what_they_may_not_see() {
    let house = House::new().await;
    house.product("shop", "orca").await;
    house.product("till", "orca").await;
    let both = [march("shop"), march("till")].concat();
    import(&house.admin(), "", &lines(&both)).await.must(200);
    let reader = house.person("Lou Leader", &[("shop", "leadership")]).await.client;
    let outsider = house.person("Olaf Outsider", &[]).await.client;
    told(&figures(&house.admin(), "").await, "change_fail_rate", 0.25, 8);
    told(&figures(&reader, "").await, "change_fail_rate", 0.25, 4);
    assert_eq!(figures(&reader, "").await["products"], json!(["shop"]));
    told(&figures(&outsider, "").await, "deployment_frequency", 0.0, 0);
    for path in ["/dora?product=till", "/dora?product=shop,till", "/dora/change_lead_time/behind?product=till"] {
        reader.get(path).await.refused(404);
    }
    let rows = reader.get(&format!("/dora/change_fail_rate/behind?{FROM_TO}")).await.must(200);
    assert!(rows["items"].as_array().expect("rows").iter().all(|row| row["product"] == "shop"), "{rows}");
    // Whoever administers one product imports for that one and no other.
    let keeper = house.person("Kim Keeper", &[("shop", "administrator"), ("till", "support")]).await.client;
    let refused = import(&keeper, "", &lines(&march("till"))).await.refused(422);
    assert_eq!(refused["rejected"].as_array().map(Vec::len), Some(7), "{refused}");
    import(&keeper, "", &lines(&march("shop"))).await.must(200);
    import(&reader, "", &lines(&march("shop"))).await.refused(403);
    assert_eq!(keeper.get("/imports").await.must(200)["items"].as_array().map(Vec::len), Some(1), "its own");
    for (query, field) in [
        ("period=someday", "period"),
        ("zone=Europe/Lundon", "zone"),
        ("bucket=hour", "bucket"),
        ("env=Prod%20uction", "env"),
        ("from=2025-01-01", "to"),
        ("from=2025-02-01&to=2025-01-01", "to"),
        ("rework=perhaps", "rework"),
        ("format=xml", "format"),
        ("period=3660d&bucket=day", "bucket"),
    ] {
        reader.get(&format!("/dora?{query}")).await.refused_field(422, field);
    }
    reader.get("/dora/happiness/behind").await.refused(404);
}

async fn now(floor: &Floor) -> Value {
    // Finished rollouts are laid out aside; what was recorded by now is in the book when this returns.
    let control = &floor.house.web.control;
    control.deliveries_upto(control.seq()).await.expect("laid out");
    floor.support.client.get("/dora?product=kiosk&period=30d").await.must(200)
}

#[tokio::test]
async fn the_record_of_rollouts_makes_the_figures_by_the_published_rules() {
    let floor = Floor::set().await;
    let clock = &floor.house.clock;
    // Before everybody has it, a way back is a rollout that did not succeed, and no deployment.
    let canary = floor.at_five_percent().await;
    clock.advance(chrono::Duration::minutes(3));
    floor.steer(&canary, "abort", &json!({ "reason": "Too slow." })).await.must(200);
    floor.comes_to(&canary, "rolled_back").await;
    clock.advance(chrono::Duration::minutes(1));
    let report = now(&floor).await;
    told(&report, "deployment_frequency", 0.0, 0);
    told(&report, "change_fail_rate", None, 0);
    told(&report, "rollout_failure_rate", 1.0, 1);

    // One goes in and is live.
    let resume = json!({ "reason": "Mended." });
    floor.engineer.client.withdraw("/products/kiosk/environments/production/hold", &resume).await.must(204);
    floor.approved("1.0.2").await;
    let second = floor.started("1.0.2", "blue_green").await;
    floor.comes_to(&second, "validating").await;
    clock.advance(chrono::Duration::minutes(31));
    floor.comes_to(&second, "live").await;
    clock.advance(chrono::Duration::minutes(10));
    let report = now(&floor).await;
    told(&report, "change_fail_rate", 0.0, 1);
    told(&report, "deployment_rework_rate", 0.0, 1);
    told(&report, "rollout_failure_rate", 0.5, 2);

    // Somebody takes it back: a rollback, a deployment that failed, and how long that took.
    let back = floor.roll_back(&json!({ "env": "production", "reason": "Orders are lost." })).await.must(202);
    let back = back["id"].as_str().expect("an id").to_owned();
    floor.until(&back, |shown| shown["ended_at"].is_string()).await;
    clock.advance(chrono::Duration::minutes(1));
    let report = now(&floor).await;
    told(&report, "change_fail_rate", 0.5, 2);
    told(&report, "deployment_rework_rate", 0.5, 2);
    told(&report, "rollback_rate", 1.0, 1);
    assert_eq!(report["figures"]["failed_deployment_recovery_time"]["n"], 1);
    assert_eq!(report["figures"]["rollback_execution"]["n"], 1);
    assert_eq!(report["figures"]["rollback_detection"]["n"], 0, "nobody said since when it could be seen");
    let rows = floor.support.client.get("/dora/change_fail_rate/behind?product=kiosk").await.must(200);
    let failed =
        rows["items"].as_array().expect("rows").iter().find(|row| row["id"] == second.as_str()).expect("there").clone();
    assert_eq!((&failed["value"], &failed["repairs"]), (&json!(1.0), &json!([back])));
}

#[tokio::test]
async fn after_everybody_had_it_a_way_back_is_a_failed_deployment_and_a_rollback() {
    let floor = Floor::set().await;
    let id = floor.started("1.0.1", "blue_green").await;
    floor.comes_to(&id, "validating").await;
    floor.house.clock.advance(chrono::Duration::minutes(5));
    floor.steer(&id, "abort", &json!({ "reason": "Orders are lost." })).await.must(200);
    floor.comes_to(&id, "rolled_back").await;
    floor.house.clock.advance(chrono::Duration::minutes(1));
    let report = now(&floor).await;
    told(&report, "change_fail_rate", 0.5, 2);
    told(&report, "rollout_failure_rate", 0.0, 2);
    assert_eq!(report["figures"]["time_to_rollback"]["n"], 1, "{}", report["figures"]["time_to_rollback"]);
    let report_of = |version: &str| json!({ "version": version, "outcome": "succeeded" });
    // What a tool of one's own reports counts too; of it only the end is known.
    let reports = "/products/kiosk/environments/staging/reports";
    floor.engineer.client.post(reports, &report_of("1.0.1")).await.must(201);
    floor.house.clock.advance(chrono::Duration::minutes(1));
    now(&floor).await;
    let staging = floor.support.client.get("/dora?product=kiosk&env=staging").await.must(200);
    told(&staging, "deployment_frequency", 1.0 / 90.0, 1);
    let duration = &staging["figures"]["deployment_duration"];
    assert_eq!((&duration["value"], &duration["excluded"][0]["reason"]), (&Value::Null, &json!("unknown_start")));

    // The version that ran there before comes back: a rollback of what ran.
    floor.approved("1.0.2").await;
    for version in ["1.0.2", "1.0.1"] {
        floor.house.clock.advance(chrono::Duration::minutes(10));
        floor.engineer.client.post(reports, &report_of(version)).await.must(201);
    }
    floor.house.clock.advance(chrono::Duration::minutes(1));
    now(&floor).await;
    let staging = floor.support.client.get("/dora?product=kiosk&env=staging").await.must(200);
    told(&staging, "change_fail_rate", 1.0 / 3.0, 3);
    told(&staging, "deployment_rework_rate", 1.0 / 3.0, 3);
    told(&staging, "rollback_rate", 0.5, 2);
    told(&staging, "failed_deployment_recovery_time", 600.0, 1);
}
