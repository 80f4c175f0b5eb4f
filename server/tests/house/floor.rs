//! A product whose production is moved by a driver in memory, with an approved release on the way.

use super::{Answer, Client, House, PATIENCE, Person, approval, at};
use control::{Command, Order};
use domain::access::Actor;
use serde_json::{Value, json};

/// The product `kiosk`: 1.0.0 runs in production, and 1.0.1 is approved.
pub struct Floor {
    pub house: House,
    /// May create and promote.
    pub engineer: Person,
    /// May approve.
    pub manager: Person,
    /// May look only.
    pub support: Person,
    /// Has no role at all.
    pub outsider: Person,
}

pub const DEPLOYMENTS: &str = "/products/kiosk/deployments";
pub const PRODUCTION: &str = "/products/kiosk/environments/production";

impl Floor {
    pub async fn set() -> Self {
        Self::on(House::new().await).await
    }

    pub async fn on(house: House) -> Self {
        let text = include_str!("playbook.toml").to_owned();
        let publish = Command::PublishPlaybook("tests".parse().expect("a name"), text);
        house.web.control.order(Order::new(Actor::System, publish)).await.expect("published");
        house.product("kiosk", "tests").await;
        let engineer = house.person("Eve Engineer", &[("kiosk", "engineer")]).await;
        let manager = house.person("Max Manager", &[("kiosk", "product_manager")]).await;
        let support = house.person("Sam Support", &[("kiosk", "support")]).await;
        let outsider = house.person("Olaf Outsider", &[]).await;
        let floor = Self { house, engineer, manager, support, outsider };
        floor.house.admin().put(&format!("{PRODUCTION}/driver"), &json!({ "driver": "local" })).await.must(200);
        let adopt = json!({ "version": "1.0.0" });
        floor.engineer.client.post(&format!("{PRODUCTION}/adopt"), &adopt).await.must(201);
        floor.approved("1.0.1").await;
        floor
    }

    /// Made by the engineer; its digest.
    pub async fn draft(&self, version: &str) -> String {
        let body = json!({ "version": version, "kind": "patch" });
        let made = self.engineer.client.post("/products/kiosk/releases", &body).await.must(201);
        made["digest"].as_str().expect("a digest").to_owned()
    }

    pub async fn approved(&self, version: &str) {
        let digest = self.draft(version).await;
        let release = at("kiosk", version);
        self.engineer.client.post(&format!("{release}/approval-requests"), &json!({})).await.must(201);
        let yes = approval("product_manager", &digest);
        self.manager.client.post(&format!("{release}/approvals"), &yes).await.must(201);
    }

    pub async fn promote(&self, by: &Client, version: &str, strategy: &str) -> Answer {
        let body = json!({ "env": "production", "strategy": strategy });
        by.post(&format!("{}/deployments", at("kiosk", version)), &body).await
    }

    /// Started by the engineer; its id.
    pub async fn started(&self, version: &str, strategy: &str) -> String {
        let shown = self.promote(&self.engineer.client, version, strategy).await.must(202);
        shown["id"].as_str().expect("an id").to_owned()
    }

    /// Under way, with 5 % of the traffic.
    pub async fn at_five_percent(&self) -> String {
        let id = self.started("1.0.1", "canary").await;
        self.comes_to(&id, "judging").await;
        id
    }

    pub async fn shown(&self, id: &str) -> Value {
        self.support.client.get(&format!("{DEPLOYMENTS}/{id}")).await.must(200)
    }

    /// Waits until the deployment is in this state; how it is then.
    pub async fn comes_to(&self, id: &str, state: &str) -> Value {
        self.until(id, |shown| shown["state"] == state).await
    }

    pub async fn until(&self, id: &str, there: impl Fn(&Value) -> bool) -> Value {
        let looking = async {
            loop {
                let shown = self.shown(id).await;
                if there(&shown) {
                    return shown;
                }
                tokio::task::yield_now().await;
            }
        };
        if let Ok(shown) = tokio::time::timeout(PATIENCE, looking).await {
            return shown;
        }
        panic!("it stays {}", self.shown(id).await)
    }

    pub async fn steer(&self, id: &str, verb: &str, body: &Value) -> Answer {
        self.engineer.client.post(&format!("{DEPLOYMENTS}/{id}/{verb}"), body).await
    }

    pub async fn roll_back(&self, body: &Value) -> Answer {
        self.engineer.client.post("/products/kiosk/rollbacks", body).await
    }
}
