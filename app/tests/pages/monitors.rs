//! What measures an environment, on the settings and on a page of its own; and what fires there.

use crate::stage::{Stage, production};
use control::{
    Command,
    monitor::{Asked, Look, MonitorKind},
};
use domain::{
    access::Actor,
    environment::{self, Alarm},
};
use http::StatusCode;

const WATCH: &str = "product=till&env=production&monitor=prometheus";
const PAGE: &str = "/till/settings/production/prometheus";

#[tokio::test]
async fn a_monitor_has_the_form_of_a_driver_and_shows_no_secret() {
    let stage = Stage::new().await;
    let see = async |path: &str| stage.house.get(Some(stage.house.admin), path).await.text;
    let page = see("/till/settings").await;
    assert!(page.contains("No monitor measures it") && page.contains("monitor=alertmanager"), "{page}");
    assert!(!page.contains("action=\"/do/watch\""), "no form before a monitor is chosen");
    let page = see("/till/settings?env=production&monitor=prometheus").await;
    for part in ["action=\"/do/watch\"", "set[url]", "password[token]", "type=\"password\"", "Where it listens."] {
        assert!(page.contains(part), "“{part}” is missing in {page}");
    }
    let send = async |rest: &str| {
        stage
            .house
            .post(Some(stage.house.admin), "/do/watch", &format!("{WATCH}&{rest}&password[token]=s3cret-text"))
            .await
    };
    let watched = || stage.house.control.world().environment(&production()).expect("there").monitors.len();
    let wrong = send("act=test&set[url]=wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("\"field\":\"url\""), "{}", wrong.text);
    stage.house.instruments.set_unfit(true);
    let tried = send("act=test&set[url]=https://x.example").await;
    assert!(tried.text.contains("-Memory: It does not answer"), "{}", tried.text);
    assert_eq!(send("act=save&set[url]=https://x.example").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(watched(), 0, "nothing was kept");
    assert_eq!(send("act=anyway&set[url]=https://x.example").await.status, StatusCode::OK);
    assert_eq!(watched(), 1);
    let page = see("/till/settings?env=production&monitor=prometheus").await;
    assert!(page.contains("https://x.example") && page.contains("leave it empty to keep it"), "{page}");
    assert!(page.contains(&format!("href=\"{PAGE}\"")), "{page}");
    assert!(!page.contains("s3cret-text"), "a secret is shown");

    let by_engineer = stage.house.post(Some(stage.engineer), "/do/watch", &format!("{WATCH}&act=test")).await;
    assert_eq!(by_engineer.status, StatusCode::FORBIDDEN);
    let promoter = stage.house.get(Some(stage.engineer), "/till/settings?env=production&monitor=prometheus").await.text;
    assert!(promoter.contains("Measured by") && !promoter.contains("action=\"/do/watch\""), "{promoter}");
    let gone = stage.house.post(Some(stage.house.admin), "/do/unwatch", &format!("{WATCH}&reason=It+moved")).await;
    assert_eq!((gone.status, watched()), (StatusCode::OK, 0), "{}", gone.text);
    let sealed = stage.house.control.journal().secrets(&production()).await.expect("read");
    assert!(sealed.is_empty(), "its secrets went with it");
}

#[tokio::test]
async fn the_page_of_a_monitor_shows_what_was_asked_and_answered_and_asks_anew() {
    let stage = Stage::new().await;
    let (admin, see) = (stage.house.admin, async |actor: Actor| stage.house.get(Some(actor), PAGE).await);
    assert_eq!(see(admin).await.status, StatusCode::NOT_FOUND, "nothing is connected");
    let kept = stage.house.post(Some(admin), "/do/watch", &format!("{WATCH}&act=save&set[url]=here")).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    let page = see(stage.manager).await.text;
    assert!(page.contains("Nothing was asked") && !page.contains("Ask now"), "{page}");

    let now = stage.house.control.now();
    let asked = |metric: &str, answered: &str, good| Asked {
        metric: metric.to_owned(),
        query: format!("sum({metric}<1>)"),
        answered: answered.to_owned(),
        good,
        at: now,
        took_ms: 12,
    };
    let asked = vec![asked("requests", "[1, \"42\"]", true), asked("errors", "It is NaN.", false)];
    stage.house.instruments.show(&production(), MonitorKind::Prometheus, Look { asked, ..Look::new(now) });
    let ask = async |actor| stage.house.post(Some(actor), "/do/ask_monitor", WATCH).await;
    assert_eq!(ask(stage.manager).await.status, StatusCode::FORBIDDEN);
    let answer = ask(stage.engineer).await;
    assert!(answer.text.contains("+Memory: It answers."), "{}", answer.text);
    let page = see(stage.engineer).await.text;
    for part in ["sum(requests&lt;1&gt;)", "It is NaN.", "good: ", "bad: ", "12 ms", "Ask now", "<time"] {
        assert!(page.contains(part), "“{part}” is missing in {page}");
    }
    let outsider = stage.house.person("Olaf Outsider", "engineer").await;
    assert_eq!(see(outsider).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_fires_is_shown_and_cleared_by_those_who_may() {
    let stage = Stage::new().await;
    let raise = |key: &str, name: &str| {
        let alarm = Alarm {
            key: key.to_owned(),
            name: name.to_owned(),
            critical: true,
            trigger: None,
            said: "<12>".to_owned(),
        };
        Command::Environment(production(), environment::Command::Raise(Box::new(alarm)))
    };
    stage.order(stage.engineer, raise("orders", "Orders add up")).await;
    stage.order(Actor::System, raise("alertmanager:a1", "Down")).await;
    let page = stage.house.get(Some(stage.engineer), "/till/settings").await.text;
    for part in ["Critical alarm", "Orders add up", "Down", "&lt;12&gt;", "Clear “Down”"] {
        assert!(page.contains(part), "“{part}” is missing in {page}");
    }
    let clear = |key: &str| format!("product=till&env=production&key={key}&reason=mended");
    let no = stage.house.post(Some(stage.manager), "/do/clear_alarm", &clear("orders")).await;
    assert_eq!(no.status, StatusCode::FORBIDDEN);
    for key in ["orders", "alertmanager:a1"] {
        let cleared = stage.house.post(Some(stage.engineer), "/do/clear_alarm", &clear(key)).await;
        assert_eq!(cleared.status, StatusCode::OK, "{}", cleared.text);
    }
    assert!(!stage.house.get(Some(stage.engineer), "/till/settings").await.text.contains("Critical alarm"));
}
