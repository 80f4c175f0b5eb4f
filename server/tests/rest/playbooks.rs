//! Playbooks over REST: published with all faults told, previewed, compared, copied; releases and products follow.

use crate::house::{Stage, approval, at, release};
use serde_json::{Value, json};

fn orca() -> &'static str {
    include_str!("../../../playbooks/orca.toml")
}

fn with(from: &str, to: &str) -> Value {
    assert!(orca().contains(from), "“{from}” is not in the text");
    json!({ "text": orca().replacen(from, to, 1) })
}

/// Minor and major ask for a second engineering lead.
fn stricter() -> Value {
    let text = orca().replace(
        "approvals = [{ role = \"product_manager\" }, { role = \"engineering_lead\" }]",
        "approvals = [{ role = \"product_manager\" }, { role = \"engineering_lead\", count = 2 }]",
    );
    json!({ "text": text, "after": 1 })
}

#[tokio::test]
async fn a_text_with_faults_is_refused_with_all_of_them() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    let text = orca().replacen("bump = \"minor\"", "bump = \"minr\"", 1).replacen(
        "permissions = [\"approve\"]",
        "permisions = [\"approve\"]",
        1,
    );
    let before = stage.house.seq();
    for address in ["/playbooks/orca/revisions", "/playbooks/orca/preview"] {
        let problem = admin.post(address, &json!({ "text": text })).await.refused_field(422, "text");
        let faults = problem["faults"].as_array().expect("faults");
        let fault =
            |key: &str| faults.iter().find(|fault| fault["key"] == key).unwrap_or_else(|| panic!("{key}: {faults:?}"));
        let (bump, key) = (fault("type[1].bump"), fault("role[9].permisions"));
        assert_eq!((&bump["did_you_mean"], &key["did_you_mean"]), (&json!("minor"), &json!("permissions")));
        assert_eq!((&bump["found"], &bump["what"]), (&json!("“minr”"), &json!("is no word known here")));
        assert!(bump["line"].as_u64().is_some_and(|line| line > 100), "{bump}");
        assert!(bump["allowed"].as_str().is_some_and(|all| all.contains("patch")), "{bump}");
    }
    let renamed = admin.post("/playbooks/orca/revisions", &with("name = \"orca\"", "name = \"other\"")).await;
    assert_eq!(renamed.refused(422)["faults"][0]["key"], "name");
    assert_eq!(stage.house.seq(), before, "nothing was recorded");
}

#[tokio::test]
async fn a_revision_is_previewed_published_and_releases_are_moved_to_it() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    let of_release = at("shop", "1.0.0");
    let approvals = format!("{of_release}/approvals");
    stage.manager.client.post(&approvals, &approval("product_manager", &stage.digest)).await.must(201);

    let text = json!({ "text": stricter()["text"] });
    let preview = admin.post("/playbooks/orca/preview", &text).await.must(200);
    assert_eq!(preview["revision"], 2);
    let names: Vec<&Value> =
        preview["differences"].as_array().expect("differences").iter().map(|d| &d["name"]).collect();
    assert_eq!(names, ["minor", "major"]);
    let told = &preview["releases"][0];
    assert_eq!(
        (&told["release"]["version"], &told["voids"], &told["blocked"]),
        (&json!("1.0.0"), &json!(1), &json!([]))
    );
    assert_eq!(told["approvals"][0]["name"], "engineering_lead");
    assert_eq!((&told["gates"], &told["checklists"]), (&json!([]), &json!([])));

    let made = admin.post("/playbooks/orca/revisions", &stricter()).await.must(201);
    assert_eq!((&made["name"], &made["revision"]), (&json!("orca"), &json!(2)));
    admin.post("/playbooks/orca/revisions", &with("summary = ", "summary = \"Old.\" #")).await.must(201);
    let late = admin.post("/playbooks/orca/revisions", &stricter()).await.refused(409);
    assert_eq!((&late["expected"], &late["actual"]), (&json!("1"), &json!("3")));

    // It stays where it is until somebody moves it.
    let shown = stage.support.client.get(&of_release).await.must(200);
    assert_eq!((&shown["playbook_revision"], &shown["approvals"][0]["void"]), (&json!(1), &json!(false)));
    let address = format!("{of_release}/playbook");
    stage.engineer.client.post(&address, &json!({ "revision": 9 })).await.refused_field(422, "revision");
    let moved = stage.engineer.client.post(&address, &json!({ "revision": 2 })).await.must(200);
    assert_ne!(moved["digest"], json!(stage.digest));
    let shown = stage.support.client.get(&of_release).await.must(200);
    let given = &shown["approvals"][0];
    assert_eq!((&shown["playbook_revision"], &given["void"]), (&json!(2), &json!(true)));
    assert_eq!(given["void_reason"], "playbook changed");
    let problem = stage.manager.client.post(&approvals, &approval("product_manager", &stage.digest)).await.refused(409);
    assert_eq!(problem["changed"], json!(["playbook"]));
    stage.engineer.client.post(&address, &json!({ "revision": 1 })).await.refused_field(422, "revision");
}

#[tokio::test]
async fn a_release_whose_type_or_environment_is_gone_stays_and_is_told_why() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    let text = orca().replace("\"major\"", "\"breaking\"").replace("bump = \"breaking\"", "bump = \"major\"");
    admin.post("/playbooks/orca/revisions", &json!({ "text": text })).await.must(201);
    let answer =
        stage.engineer.client.post(&format!("{}/playbook", at("shop", "1.0.0")), &json!({ "revision": 2 })).await;
    let problem = answer.refused(423);
    assert!(problem["detail"].as_str().is_some_and(|why| why.contains("no release type “major”")), "{problem}");
    assert!(problem["who_can_help"].as_str().is_some_and(|who| who.contains("administrator")), "{problem}");
}

#[tokio::test]
async fn a_product_follows_a_revision_and_only_new_releases_with_it() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    admin.post("/playbooks/orca/revisions", &stricter()).await.must(201);
    release(&stage.engineer.client, "shop", "1.1.0").await;
    let followed = admin.patch("/products/shop", &json!({ "playbook_revision": 2 })).await.must(200);
    assert_eq!((&followed["playbook"], &followed["playbook_revision"]), (&json!("orca"), &json!(2)));
    release(&stage.engineer.client, "shop", "1.2.0").await;
    for (version, revision) in [("1.0.0", 1), ("1.1.0", 1), ("1.2.0", 2)] {
        let shown = stage.support.client.get(&at("shop", version)).await.must(200);
        assert_eq!(shown["playbook_revision"], revision, "{version}");
    }
    admin.patch("/products/shop", &json!({ "playbook_revision": 7 })).await.refused_field(422, "playbook_revision");
    let unknown = json!({ "playbook": "none", "playbook_revision": 1 });
    admin.patch("/products/shop", &unknown).await.refused_field(422, "playbook");
    admin.patch("/products/none", &json!({ "playbook_revision": 1 })).await.refused(404);
}

#[tokio::test]
async fn a_copy_is_a_playbook_of_its_own() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    let copy = json!({ "name": "our-trains", "copy_of": "orca" });
    let made = admin.post("/playbooks", &copy).await.must(201);
    assert_eq!((&made["name"], &made["revision"]), (&json!("our-trains"), &json!(1)));
    assert_eq!(admin.post("/playbooks", &copy).await.refused(409)["field"], "name");
    admin.post("/playbooks", &json!({ "name": "x", "copy_of": "none" })).await.refused(404);
    let text = admin.get("/playbooks/our-trains/revisions/1").await.must(200)["text"].clone();
    assert_eq!(text, orca().replacen("name = \"orca\"", "name = \"our-trains\"", 1));
    let other =
        admin.patch("/products/shop", &json!({ "playbook": "our-trains", "playbook_revision": 1 })).await.must(200);
    assert_eq!(other["playbook"], "our-trains");
}

#[tokio::test]
async fn revisions_can_be_read_and_compared() {
    let stage = Stage::set().await;
    let admin = stage.house.admin();
    admin.post("/playbooks/orca/revisions", &with("limit = \"> 5 %\"", "limit = \"> 4 %\"")).await.must(201);
    let same = admin.post("/playbooks/orca/revisions", &with("limit = \"> 5 %\"", "limit = \"> 4 %\"")).await.must(200);
    assert_eq!(same["revision"], 2, "nothing new");
    let all = stage.outsider.client.get("/playbooks/orca/revisions").await.must(200);
    let numbers: Vec<&Value> = all["items"].as_array().expect("items").iter().map(|r| &r["revision"]).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(all["items"][1]["published_by"], Value::Null, "it came with the product");
    let compared = stage.outsider.client.get("/playbooks/orca/revisions/2/differences").await.must(200);
    let expected = json!([{ "section": "threshold", "name": "roll_back_errors", "became": "changed",
        "details": [{ "key": "limit", "before": "> 5 %", "after": "> 4 %" }] }]);
    assert_eq!((&compared["from"], &compared["differences"]), (&json!(1), &expected));
    let first = stage.outsider.client.get("/playbooks/orca?revision=1").await.must(200);
    assert_eq!((&first["revision"], &first["threshold"][2]["limit"]), (&json!(1), &json!("> 5 %")));
    for path in ["/playbooks/orca/revisions/7", "/playbooks/orca/revisions/x", "/playbooks/orca?revision=7"] {
        admin.get(path).await.refused(404);
    }
    admin.get("/playbooks/orca?revision=x").await.refused_field(422, "revision");
}
