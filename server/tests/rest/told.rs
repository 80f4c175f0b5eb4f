//! What other systems tell by themselves: no login, but whoever has the environment's driver in hand decides whether it is true.

use crate::house::Floor;
use control::memory::Mishap;
use domain::rollout::ActionKind;

const HOOK: &str = "/hooks/deployments/kiosk/production";

#[tokio::test]
async fn a_driver_tells_what_became_of_its_task() {
    let floor = Floor::set().await;
    floor.house.ground.mishap(ActionKind::Deploy, Mishap::Hangs);
    let id = &floor.started("1.0.1", "canary").await;
    floor.comes_to(id, "running").await;
    let key = floor.shown(id).await["steps"][0]["key"].clone();

    let stranger = floor.house.anonymous();
    let ground = stranger.clone().with("from", "the ground");
    stranger.post(HOOK, &key).await.refused(401);
    for elsewhere in ["kiosk/staging", "nowhere/production", "No_Slug/production"] {
        ground.post(&format!("/hooks/deployments/{elsewhere}"), &key).await.refused(404);
    }
    assert_eq!(ground.post(HOOK, &key).await.status, 204);
    floor.comes_to(id, "judging").await;
    assert_eq!(floor.shown(id).await["steps"][0]["state"], "done");
}
