//! Decisions are about exactly what was seen.

use crate::house::{House, Stage, approval, at};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::{sync::watch, task::JoinSet};

#[tokio::test]
async fn a_stale_decision_is_told_which_parts_changed() {
    let stage = Stage::set().await;
    let (release, path) = (at("shop", "1.0.0"), format!("{}/approvals", at("shop", "1.0.0")));
    let sound = format!("sha256:{}", "c".repeat(64));
    stage.engineer.client.patch(&release, &json!({ "title": "New" })).await.must(200);
    let edit = json!({ "artifacts": [{ "name": "web", "digest": sound }] });
    let now = stage.engineer.client.patch(&release, &edit).await.must(200);
    let problem = stage.manager.client.post(&path, &approval("product_manager", &stage.digest)).await.refused(409);
    assert_eq!(problem["changed"], json!(["artifacts", "title"]));
    assert_eq!((&problem["expected"], &problem["actual"]), (&json!(stage.digest), &now["digest"]));
    // An editor who says what they saw is protected in the same way.
    let blind = json!({ "title": "Over it", "digest": stage.digest });
    let problem = stage.lead.client.patch(&release, &blind).await.refused(409);
    assert_eq!(problem["changed"], json!(["artifacts", "title"]));
}

/// 50 approvals at once while the release is edited 20 times: none of an outdated digest is ever valid, and every
/// refusal says what changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn approvals_and_edits_at_once() {
    let stage = Stage::on(House::on_disk().await).await;
    let release = at("shop", "1.0.0");
    let mut approvers = Vec::new();
    for n in 0..50 {
        approvers.push(stage.house.person(&format!("Approver {n}"), &[("shop", "product_manager")]).await);
    }
    let (edited, edits_done) = watch::channel(0);
    let mut all = JoinSet::new();
    for (n, person) in approvers.into_iter().enumerate() {
        let (release, mut edits_done) = (release.clone(), edits_done.clone());
        all.spawn(async move {
            // Spread over the edits, some before the first and some after the last.
            edits_done.wait_for(|done| *done >= n % 21).await.expect("edits");
            let seen = person.client.get(&release).await.must(200)["digest"].clone();
            // Every other one takes a while to decide.
            let so_far = *edits_done.borrow();
            if n % 2 == 1 && so_far < 20 {
                edits_done.wait_for(|done| *done > so_far).await.expect("edits");
            }
            let body = approval("product_manager", seen.as_str().expect("a digest"));
            let answer = person.client.post(&format!("{release}/approvals"), &body).await;
            (seen, answer.status, answer.body)
        });
    }
    let (editor, to) = (stage.engineer.client.clone(), release.clone());
    let edits = async move {
        for n in 0..20 {
            editor.patch(&to, &json!({ "title": format!("Edit {n}") })).await.must(200);
            edited.send(n + 1).expect("somebody waits");
        }
    };
    let (answers, ()) = tokio::join!(all.join_all(), edits);

    let shown = stage.support.client.get(&release).await.must(200);
    let given = shown["approvals"].as_array().expect("approvals");
    let accepted = answers.iter().filter(|(_, status, _)| *status == 201).count();
    assert_eq!((answers.len(), given.len()), (50, accepted), "each accepted one is there, once");
    assert!((1..50).contains(&accepted), "both happened: {accepted} of 50 were accepted");
    for (seen, status, body) in &answers {
        match status {
            201 => assert_eq!(&body["digest"], seen),
            409 => {
                assert_eq!(body["changed"], json!(["title"]), "{body}");
                assert_ne!(&body["actual"], seen);
            }
            _ => panic!("{status}: {body}"),
        }
    }
    for approval in given {
        let current = approval["digest"] == shown["digest"];
        assert_eq!(approval["void"], !current, "{approval}");
        assert!(current || approval["void_reason"].as_str().is_some_and(|why| why.contains("title")), "{approval}");
    }
    // By the record: each approval was about the digest that the release had at that place.
    let mut digest = Value::Null;
    let mut digests = BTreeSet::new();
    let events = stage.house.admin().get(&format!("{release}/timeline?limit=200")).await.must(200);
    for event in events["items"].as_array().expect("items").iter().rev() {
        if event["kind"] == "release.decided" {
            assert_eq!(event["body"]["digest"], digest, "{event}");
        } else {
            digest = event["body"]["digest"].clone();
            digests.insert(digest.to_string());
        }
    }
    assert_eq!(digests.len(), 21, "the first and one for each edit");
}
