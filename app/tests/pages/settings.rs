//! The settings of a product and the switch: who sees them, what is tried and kept, what everybody is told.

use crate::stage::{Stage, production};
use http::StatusCode;

const CONNECT: &str = "product=till&env=production&driver=webhook";

#[tokio::test]
async fn a_form_is_made_of_what_the_driver_says_and_shows_no_secret() {
    let stage = Stage::bare().await;
    let see = async |path: &str| stage.house.get(Some(stage.house.admin), path).await.text;
    let page = see("/till/settings").await;
    assert!(page.contains("Nothing is connected") && page.contains("driver=github-actions"), "{page}");
    assert!(!page.contains("action=\"/do/connect\""), "no form before a driver is chosen");
    let page = see("/till/settings?env=production&driver=webhook").await;
    for part in ["set[url]", "password[token]", "type=\"password\"", "Where it listens.", "Smoke commands"] {
        assert!(page.contains(part), "“{part}” is missing in {page}");
    }
    let body = format!(
        "{CONNECT}&act=save&set[url]=https://x.example&set[deploy]=./go%0D%0Anow&password[token]=s3cret-text&smoke=./smoke%0A--fast"
    );
    let kept = stage.house.post(Some(stage.house.admin), "/do/connect", &body).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    let world = stage.house.control.world();
    let connection = world.connection(&production()).expect("connected");
    assert_eq!(
        (connection.driver.as_str(), connection.secrets.as_slice()),
        ("webhook", ["token".to_owned()].as_slice())
    );
    assert_eq!(connection.settings["deploy"], serde_json::json!(["./go", "now"]));
    assert_eq!(connection.smoke, [["./smoke", "--fast"]]);
    let page = see("/till/settings").await;
    assert!(page.contains("https://x.example") && page.contains("leave it empty to keep it"), "{page}");
    assert!(!page.contains("s3cret-text"), "a secret is shown");
    let gone = "product=till&env=production&reason=It+moved";
    assert_eq!(stage.house.post(Some(stage.house.admin), "/do/disconnect", gone).await.status, StatusCode::OK);
    let sealed = stage.house.control.journal().secrets(&production()).await.expect("read");
    assert!(sealed.is_empty(), "its secrets went with it");
}

#[tokio::test]
async fn only_what_its_test_finds_well_is_kept_unless_somebody_insists() {
    let stage = Stage::bare().await;
    let send =
        async |rest: &str| stage.house.post(Some(stage.house.admin), "/do/connect", &format!("{CONNECT}&{rest}")).await;
    let connected = || stage.house.control.world().connection(&production()).is_some();
    let wrong = send("act=test&set[url]=wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("\"field\":\"url\""), "{}", wrong.text);
    let tried = send("act=test&set[url]=silent").await;
    assert!(tried.text.contains("-Address: Nobody answers there."), "{}", tried.text);
    let good = send("act=test&set[url]=here").await;
    assert!(good.text.contains("+Memory: It is there."), "{}", good.text);
    let refused = send("act=save&set[url]=silent").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Nobody answers there."), "{}", refused.text);
    assert!(!connected(), "nothing was kept");
    assert_eq!(send("act=anyway&set[url]=silent").await.status, StatusCode::OK);
    assert!(connected());
    let by_engineer = format!("{CONNECT}&act=save&set[url]=here");
    let no = stage.house.post(Some(stage.engineer), "/do/connect", &by_engineer).await;
    assert_eq!(no.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn settings_are_for_those_who_administer_or_promote() {
    let stage = Stage::new().await;
    let promoter = stage.house.get(Some(stage.engineer), "/till/settings").await;
    assert_eq!(promoter.status, StatusCode::OK);
    assert!(promoter.text.contains("Adopt what runs there") && !promoter.text.contains("action=\"/do/connect\""));
    assert_eq!(stage.house.get(Some(stage.manager), "/till/settings").await.status, StatusCode::FORBIDDEN);
    let outsider = stage.house.person("Olaf Outsider", "engineer").await;
    assert_eq!(stage.house.get(Some(outsider), "/till/settings").await.status, StatusCode::NOT_FOUND);
    let nobody = stage.house.get(None, "/till/settings").await;
    assert_eq!(nobody.location.as_deref(), Some("/sign-in?next=/till/settings"));
}

#[tokio::test]
async fn while_automation_is_stopped_every_page_says_so_and_nothing_is_promoted() {
    let stage = Stage::new().await;
    stage.approved("1.0.1").await;
    let stop = "product=till&reason=an+outage+elsewhere";
    let manager = stage.house.post(Some(stage.manager), "/do/stop_automation", stop).await;
    assert_eq!(manager.status, StatusCode::FORBIDDEN);
    let stopped = stage.house.post(Some(stage.engineer), "/do/stop_automation", stop).await;
    assert_eq!(stopped.status, StatusCode::OK, "{}", stopped.text);
    for path in ["/", "/me", "/releases", "/till/releases/1.0.1"] {
        let page = stage.house.get(Some(stage.manager), path).await;
        assert!(
            page.text.contains("of Till is stopped") && page.text.contains("By Eve Engineer"),
            "{path}: {}",
            page.text
        );
    }
    let outsider = stage.house.person("Olaf Outsider", "engineer").await;
    assert!(!stage.house.get(Some(outsider), "/").await.text.contains("an outage elsewhere"));
    let release = stage.release_page(stage.engineer, "1.0.1").await;
    assert!(release.text.contains("All automation is stopped: an outage elsewhere"), "{}", release.text);
    let lifted = stage.house.post(Some(stage.engineer), "/do/lift_stop", "product=till&reason=over").await;
    assert_eq!(lifted.status, StatusCode::OK, "{}", lifted.text);
    assert!(!stage.house.get(Some(stage.manager), "/").await.text.contains("is stopped"));
    let everywhere = stage.house.post(Some(stage.engineer), "/do/stop_automation", "product=*&reason=no").await;
    assert_eq!(everywhere.status, StatusCode::FORBIDDEN);
    let admin = stage.house.get(Some(stage.house.admin), "/admin").await;
    assert!(admin.text.contains("Stop all automation"), "{}", admin.text);
    assert!(!stage.house.get(Some(stage.engineer), "/admin").await.text.contains("Stop all automation"));
}
