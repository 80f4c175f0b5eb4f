//! Pages as the server renders them: complete without scripts, and only for those who may see them.

mod charts;
mod house;
mod monitors;
mod rollouts;
mod settings;
mod stage;

use control::Command;
use domain::{access::Actor, automation, person::Reach};
use house::House;
use http::StatusCode;
use stage::Stage;

#[tokio::test]
async fn without_a_session_every_page_leads_to_signing_in() {
    let house = House::new().await;
    let overview = house.get(None, "/").await;
    assert_eq!(overview.status, StatusCode::FOUND);
    assert_eq!(overview.location.as_deref(), Some("/sign-in"));
    let release = house.get(None, "/shop/releases/1.0.0").await;
    assert_eq!(release.location.as_deref(), Some("/sign-in?next=/shop/releases/1.0.0"));
    let door = house.get(None, "/sign-in").await;
    assert_eq!(door.status, StatusCode::OK);
    assert!(door.text.contains("<h1>Sign in</h1>"), "{}", door.text);
}

#[tokio::test]
async fn overview_is_complete_without_scripts() {
    let house = House::new().await;
    let engineer = house.person("Eve Engineer", "engineer").await;
    let manager = house.person("Mia Manager", "product_manager").await;
    house.release(engineer, "Faster checkout").await;
    let page = house.get(Some(manager), "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Faster checkout"), "{}", page.text);
    assert!(page.text.contains("1 release waits for you"));
    assert!(page.text.contains("</html>"));
    let page = house.get(Some(engineer), "/").await;
    assert!(page.text.contains("Nothing waits for you"), "authors do not approve their own work");
}

#[tokio::test]
async fn overview_reads_the_same_whichever_way_it_is_written() {
    let house = House::new().await;
    let engineer = house.person("Eve Engineer", "engineer").await;
    let manager = house.person("Mia <Manager>", "product_manager").await;
    let same = async |actor| {
        let routed = house.get(Some(actor), "/").await.text.replace("<!--HEAD-->", "").replace("<!--<() />-->", "");
        let nonce = routed.split_once(" nonce=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(nonce, _)| nonce);
        let routed = nonce.map_or(routed.clone(), |nonce| routed.replace(nonce, ""));
        assert_eq!(house.overview(actor).expect("a person"), routed);
    };
    for actor in [house.admin, engineer, manager] {
        same(actor).await;
    }
    for title in ["Faster <checkout>", "Slower “returns”", "A third"] {
        house.release(engineer, title).await;
        for actor in [house.admin, engineer, manager] {
            same(actor).await;
        }
    }
    assert_eq!(house.overview(Actor::System), None);

    let mut stage = Stage::new().await;
    stage.approved("1.0.1").await;
    stage.promote("1.0.1", "canary").await;
    stage.go_on().await;
    let stop = automation::Command::Stop { reason: "an outage <elsewhere>".to_owned() };
    stage.order(stage.house.admin, Command::Automation(Reach::Everywhere, stop)).await;
    for actor in [stage.house.admin, stage.engineer] {
        let routed = stage.house.get(Some(actor), "/").await.text;
        assert!(routed.contains("Judging") && routed.contains("an outage &lt;elsewhere&gt;"), "{routed}");
        let written = stage.house.overview(actor).expect("a person");
        let content = |page: &str| page.split_once("<main").map(|(_, rest)| rest.replace("<!--<() />-->", ""));
        let main = |page: &str| content(page).and_then(|c| c.split_once("</main>").map(|(main, _)| main.to_owned()));
        assert_eq!(main(&written), main(&routed));
    }
}

#[tokio::test]
async fn what_one_may_not_see_is_not_found() {
    let house = House::new().await;
    let engineer = house.person("Eve Engineer", "engineer").await;
    let id = house.release(engineer, "Faster checkout").await;
    let there = house.get(Some(engineer), &format!("/shop/releases/{}", id.version)).await;
    assert_eq!(there.status, StatusCode::OK);
    let absent = house.get(Some(engineer), "/shop/releases/9.9.9").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    assert!(absent.text.contains("<h1>Not found</h1>"), "{}", absent.text);
}

#[tokio::test]
async fn approving_needs_the_digest_that_was_shown() {
    let house = House::new().await;
    let engineer = house.person("Eve Engineer", "engineer").await;
    let manager = house.person("Mia Manager", "product_manager").await;
    let id = house.release(engineer, "Faster checkout").await;
    let page = house.get(Some(manager), &format!("/shop/releases/{}", id.version)).await;
    let digest = house.control.world().release(&id).expect("there").digest.to_string();
    assert!(page.text.contains(&format!("name=\"digest\" value=\"{digest}\"")), "{}", page.text);
    let body = |digest: &str| {
        format!("product=shop&version={}&role=product_manager&verdict=approve&comment=&digest={digest}", id.version)
    };
    let stale = house.post(Some(manager), "/do/approve", &body(&"0".repeat(64))).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    let own = house.post(Some(engineer), "/do/approve", &body(&digest)).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
    let good = house.post(Some(manager), "/do/approve", &body(&digest)).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    assert_eq!(house.post(None, "/do/approve", &body(&digest)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_in_sets_the_cookie_and_leads_to_the_page_one_came_for() {
    let house = House::new().await;
    let body = "email=ada%40example.org&password=correct+horse+battery&next=/releases";
    let answer = house.post(None, "/do/sign_in", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.location.as_deref(), Some("/releases"));
    let wrong = house.post(None, "/do/sign_in", "email=ada%40example.org&password=nonsense").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text.contains("\"field\":\"password\""), "{}", wrong.text);
}
