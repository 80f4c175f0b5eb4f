//! Given a rollout in some state, when somebody looks at a page, then it says how it stands and offers what they may do.

use crate::stage::{Stage, production};
use control::memory::Mishap;
use domain::rollout::{ActionKind, State, Verb};
use http::StatusCode;

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "“{word}” is missing in {text}");
    }
}

fn lacks(text: &str, words: &[&str]) {
    for word in words {
        assert!(!text.contains(word), "“{word}” stands in {text}");
    }
}

#[tokio::test]
async fn the_release_says_what_will_happen_and_the_form_carries_what_was_shown() {
    let stage = Stage::new().await;
    let id = stage.approved("1.0.1").await;
    let page = stage.release_page(stage.engineer, "1.0.1").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let digest = stage.house.control.world().release(&id).expect("there").digest.to_string();
    has(
        &page.text,
        &[
            "What will happen",
            "Start the new version beside what runs",
            "Watch at 5 % for 30 min",
            "action=\"/do/promote\"",
            "The way back leads to <code>1.0.0</code>",
            "Promote to production",
            &digest,
        ],
    );
    let body = |digest: &str| {
        format!("product=till&version=1.0.1&env=production&strategy=canary&initial_traffic=10&digest={digest}")
    };
    let refused = stage.house.post(Some(stage.engineer), "/do/promote", &body(&"0".repeat(64))).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let started = stage.house.post(Some(stage.engineer), "/do/promote", &body(&digest)).await;
    let world = stage.house.control.world();
    let rollout = world.under_way().next().expect("one is under way");
    assert_eq!(started.location, Some(format!("/till/deployments/{}", rollout.id)));
    assert!(rollout.steps.iter().any(|step| step.planned.name == "Watch at 10 % for 30 min"), "{rollout:?}");
}

#[tokio::test]
async fn what_is_in_the_way_stands_beside_the_button_that_it_disables() {
    let stage = Stage::new().await;
    stage.candidate("1.0.1").await;
    let page = stage.release_page(stage.engineer, "1.0.1").await;
    has(&page.text, &["is not met:", "disabled"]);
    let bare = Stage::bare().await;
    bare.approved("1.0.1").await;
    let page = bare.release_page(bare.engineer, "1.0.1").await;
    has(&page.text, &["Nothing is connected that could move versions in production"]);
    let page = bare.release_page(bare.manager, "1.0.1").await;
    lacks(&page.text, &["action=\"/do/promote\"", "action=\"/do/roll_back\""]);
}

#[tokio::test]
async fn a_rollout_that_is_watched_shows_shares_time_and_what_one_may_do() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let page = stage.page_of(stage.engineer, id).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    has(
        &page.text,
        &[
            "<b>5 %</b> desired",
            "<b>5 %</b> actual",
            "The watch ends",
            "Pause",
            "Promote one step",
            "Type “1.0.1” to confirm",
            "Roll production back to 1.0.0?",
            "Promote to full",
            "data-again",
            "promoted 1.0.1 to production",
            "Stop",
            "Notify",
        ],
    );
    let reader = stage.page_of(stage.manager, id).await;
    assert_eq!(reader.status, StatusCode::OK);
    lacks(&reader.text, &["action=\"/do/steer\""]);
    let outsider = stage.house.person("Olaf Outsider", "support").await;
    assert_eq!(stage.page_of(outsider, id).await.status, StatusCode::NOT_FOUND);
    let nobody = stage.house.get(None, &format!("/till/deployments/{id}")).await;
    assert_eq!(nobody.location, Some(format!("/sign-in?next=/till/deployments/{id}")));
    let elsewhere = stage.house.get(Some(stage.engineer), &format!("/shop/deployments/{id}")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);

    let release = stage.release_page(stage.engineer, "1.0.1").await;
    has(&release.text, &["Look at it", "On its way to production.", "Roll back production"]);
}

#[tokio::test]
async fn steering_needs_the_version_typed_only_for_all_the_way() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let send = async |stage: &Stage, fields: &str| {
        let body = format!("rollout={id}&{fields}");
        stage.house.post(Some(stage.engineer), "/do/steer", &body).await
    };
    assert_eq!(send(&stage, "verb=pause").await.status, StatusCode::OK);
    has(&stage.page_of(stage.engineer, id).await.text, &["Paused by Eve Engineer", "Resume it, or roll back."]);
    assert_eq!(send(&stage, "verb=resume").await.status, StatusCode::OK);
    let refused = send(&stage, "verb=promote_fully&typed=1.0.0").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(send(&stage, "verb=promote_fully&typed=1.0.1").await.status, StatusCode::OK);
    stage.go_on().await;
    assert_eq!(stage.house.control.world().rollout(id).expect("there").state(), State::Validating);
    let by_manager = format!("rollout={id}&verb=abort");
    let no = stage.house.post(Some(stage.manager), "/do/steer", &by_manager).await;
    assert_eq!(no.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_parked_step_is_put_to_people_with_all_they_need() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    stage.house.ground.set_mute(true);
    stage.house.ground.mishap(ActionKind::Deploy, Mishap::ReplyLost);
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let page = stage.page_of(stage.engineer, id).await;
    let world = stage.house.control.world();
    let rollout = world.rollout(id).expect("there");
    assert_eq!(rollout.state(), State::Parked);
    let (step, known) = rollout.current().expect("a step");
    let key = control::rollout::key(id, step, known).to_string();
    has(
        &page.text,
        &[
            "What became of this step?",
            "It happened",
            "It did not happen",
            &key,
            "nobody answers",
            "action=\"/do/resolve\"",
        ],
    );
    has(&stage.page_of(stage.manager, id).await.text, &["Somebody who may promote answers this."]);
    let silent = format!("rollout={id}&step={step}&happened=yes&reason=");
    let no = stage.house.post(Some(stage.engineer), "/do/resolve", &silent).await;
    assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", no.text);
    let said = format!("rollout={id}&step={step}&happened=yes&reason=looked");
    let yes = stage.house.post(Some(stage.engineer), "/do/resolve", &said).await;
    assert_eq!(yes.status, StatusCode::OK, "{}", yes.text);
}

#[tokio::test]
async fn a_way_back_runs_against_the_clock_and_leaves_the_place_held() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let body = "product=till&env=production&reason=it+burns";
    let back = stage.house.post(Some(stage.engineer), "/do/roll_back", body).await;
    assert_eq!(back.location, Some(format!("/till/deployments/{id}")));
    has(
        &stage.page_of(stage.engineer, id).await.text,
        &["On the way back to 1.0.0: “it burns”.", "The way back", "runs since"],
    );
    stage.go_on().await;
    let page = stage.page_of(stage.engineer, id).await;
    has(&page.text, &["Rolled back to 1.0.0", "<b>0 s</b>", "is held", "action=\"/do/resume_environment\""]);
    stage.approved("1.0.2").await;
    let release = stage.release_page(stage.engineer, "1.0.2").await;
    has(&release.text, &["production is held", "Resume it first.", "disabled"]);
    let resume = "product=till&env=production&reason=understood";
    let resumed = stage.house.post(Some(stage.engineer), "/do/resume_environment", resume).await;
    assert_eq!(resumed.status, StatusCode::OK, "{}", resumed.text);
    assert!(stage.house.control.world().environment(&production()).expect("there").hold.is_none());
}

#[tokio::test]
async fn nothing_moving_for_ten_minutes_is_flagged() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    stage.house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    lacks(&stage.page_of(stage.engineer, id).await.text, &["No progress since"]);
    stage.minutes_later(10).await;
    has(&stage.page_of(stage.engineer, id).await.text, &["No progress since"]);
}

#[tokio::test]
async fn the_list_is_filtered_by_its_address() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let list = async |stage: &Stage, query: &str| {
        stage.house.get(Some(stage.manager), &format!("/till/deployments{query}")).await
    };
    let row = format!("/till/deployments/{id}");
    has(&list(&stage, "").await.text, &[&row, "Judging", "Eve Engineer"]);
    has(&list(&stage, "?env=production&state=judging").await.text, &[&row]);
    lacks(&list(&stage, "?state=live").await.text, &[&row]);
    assert_eq!(list(&stage, "?state=nonsense").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    stage.steer(id, Verb::Abort).await;
    stage.go_on().await;
    has(&list(&stage, "?state=rolled_back").await.text, &[&row]);
}

#[tokio::test]
async fn the_log_is_asked_for_only_when_somebody_wants_it() {
    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let id = stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    has(&stage.page_of(stage.manager, id).await.text, &["Show the last lines"]);
    let page = stage.house.get(Some(stage.manager), &format!("/till/deployments/{id}?log=last")).await;
    has(&page.text, &["The driver keeps no log"]);
}
