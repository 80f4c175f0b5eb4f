//! The product whose traffic moves: what a team would do over REST, and waiting for what comes of it.

use crate::{
    client::Client,
    rest::{self, PRODUCT},
    service::Service,
};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A playbook without rules, whose shares are held until somebody says that it goes on.
pub const PLAYBOOK: &str = include_str!("playbook.toml");
pub const PRODUCTION: &str = "/api/v1/products/shop/environments/production";
const DEPLOYMENTS: &str = "/api/v1/products/shop/deployments";
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(50);

/// What is wanted of whoever is asked again and again.
pub type Wanted<'a> = dyn Fn(&Value) -> bool + Send + Sync + 'a;

/// Sets the product up and connects its production.
pub async fn set_up(service: &Service, playbook: &str, driver: &str, settings: &Value) -> anyhow::Result<()> {
    let mut admin = service.admin();
    let text = json!({ "text": playbook });
    admin.must("POST", "/api/v1/playbooks/traffic/revisions", Some(&text)).await?;
    let product = json!({ "slug": PRODUCT, "name": "Shop", "playbook": "traffic" });
    admin.must("POST", "/api/v1/products", Some(&product)).await?;
    let wiring = json!({ "driver": driver, "settings": settings });
    admin.must("PUT", &format!("{PRODUCTION}/driver"), Some(&wiring)).await?;
    Ok(())
}

/// What runs already is taken as it is.
pub async fn adopt(admin: &mut Client, version: &str) -> anyhow::Result<()> {
    let body = json!({ "version": version });
    admin.must("POST", &format!("{PRODUCTION}/adopt"), Some(&body)).await?;
    Ok(())
}

/// A new release on its way into production; its version and its deployment.
pub async fn start(admin: &mut Client, strategy: &str) -> anyhow::Result<(String, String)> {
    let version = rest::release(admin, "Better").await?;
    let body = json!({ "env": "production", "strategy": strategy });
    let started = admin.must("POST", &format!("{}/deployments", rest::address(&version)), Some(&body)).await?;
    Ok((version, rest::text(&started, "id")?))
}

pub async fn steer(admin: &mut Client, id: &str, verb: &str) -> anyhow::Result<()> {
    let body = json!({ "reason": "As the trial goes." });
    admin.must("POST", &format!("{DEPLOYMENTS}/{id}/{verb}"), Some(&body)).await?;
    Ok(())
}

pub async fn roll_back(admin: &mut Client) -> anyhow::Result<String> {
    let body = json!({ "env": "production", "reason": "As the trial goes." });
    let started = admin.must("POST", "/api/v1/products/shop/rollbacks", Some(&body)).await?;
    rest::text(&started, "id")
}

/// After a way back production is held until somebody says that it goes on.
pub async fn resume(admin: &mut Client) -> anyhow::Result<()> {
    let environment = admin.must("GET", PRODUCTION, None).await?;
    if !environment["hold"].is_null() {
        let body = json!({ "reason": "As the trial goes." });
        admin.must("DELETE", &format!("{PRODUCTION}/hold"), Some(&body)).await?;
    }
    Ok(())
}

pub async fn look(admin: &mut Client, id: &str) -> anyhow::Result<Value> {
    admin.must("GET", &format!("{DEPLOYMENTS}/{id}"), None).await
}

/// Waits until the deployment is what is wanted.
pub async fn comes_to(admin: &mut Client, id: &str, what: &str, wanted: &Wanted<'_>) -> anyhow::Result<Value> {
    let began = Instant::now();
    loop {
        let shown = look(admin, id).await?;
        if wanted(&shown) {
            return Ok(shown);
        }
        let state = shown["state"].as_str().context("a deployment without a state")?.to_owned();
        ensure!(state != "parked" && began.elapsed() < PATIENCE, "{what} was waited for, but it is {state}: {shown}");
        tokio::time::sleep(LOOK).await;
    }
}

/// Traffic is where the plan wants it, `share` percent, and stays there until somebody says so.
pub async fn holds(admin: &mut Client, id: &str, share: f64) -> anyhow::Result<()> {
    let wanted = |shown: &Value| {
        shown["weight"]["actual"].as_f64() == Some(share) && matches!(shown["state"].as_str(), Some("judging"))
    };
    comes_to(admin, id, &format!("{share} %"), &wanted).await?;
    Ok(())
}

/// It has all the traffic and is over.
pub async fn finishes(admin: &mut Client, id: &str) -> anyhow::Result<()> {
    let over =
        |shown: &Value| matches!(shown["state"].as_str(), Some("live" | "validating" | "rolled_back" | "failed"));
    let shown = comes_to(admin, id, "its end", &over).await?;
    if shown["state"] == "validating" {
        steer(admin, id, "promote").await?;
        return Box::pin(finishes(admin, id)).await;
    }
    ensure!(shown["state"] == "live", "it did not become live: {shown}");
    Ok(())
}

pub async fn is_back(admin: &mut Client, id: &str) -> anyhow::Result<()> {
    let back = |shown: &Value| shown["state"] == "rolled_back";
    comes_to(admin, id, "the way back", &back).await?;
    Ok(())
}

/// Whatever it was for, it is over.
pub async fn is_over(admin: &mut Client, id: &str) -> anyhow::Result<()> {
    let over = |shown: &Value| matches!(shown["state"].as_str(), Some("live" | "rolled_back" | "failed"));
    comes_to(admin, id, "its end", &over).await?;
    Ok(())
}
