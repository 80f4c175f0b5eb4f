//! A product whose production is moved by a driver, set up and moved over REST.

use crate::{
    client::{Answer, Client},
    rest::{self, Person, text},
    service::Service,
};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

/// What runs when a trial begins, and what shall come.
pub const OLD: &str = "1.0.0";
pub const NEW: &str = "1.1.0";

/// As short as a road into production can be, and one approval.
const PLAYBOOK: &str = r#"
name = "trials"
title = "Trials"
summary = "A canary that waits for nobody."

[[environment]]
name = "production"
purpose = "Customers."

[[role]]
id = "engineer"
title = "Engineer"
duty = "Promotes."
permissions = ["author", "promote"]

[[role]]
id = "product_manager"
title = "Product manager"
duty = "Approves."
permissions = ["approve"]

[[type]]
id = "minor"
title = "Minor"
when = "Always."
bump = "minor"
default_for_bump = true
approvals = [{ role = "product_manager" }]
strategy = "canary"

[[strategy]]
id = "canary"
title = "Canary"
kind = "canary"
default = true
phase = [{ weight = "50 %", hold = "1 s" }, { weight = "100 %" }]

[[strategy]]
id = "rolling"
title = "Rolling"
kind = "rolling"

[[strategy]]
id = "blue_green"
title = "Blue-green"
kind = "blue_green"

[watch]
for = "1 s"
look_at = ["Errors"]
"#;

/// Looked at so often while waiting.
const GLANCE: Duration = Duration::from_millis(40);

/// Who writes and who approves: never the same.
#[derive(Debug, Clone)]
pub struct People {
    pub engineer: Person,
    pub manager: Person,
}

/// Publishes the playbook and brings in its people.
pub async fn people(service: &Service) -> anyhow::Result<People> {
    let mut admin = service.admin();
    let body = json!({ "text": PLAYBOOK });
    admin.must("POST", "/api/v1/playbooks/trials/revisions", Some(&body)).await?;
    let engineer = rest::person(&mut admin, "Engineer", "engineer").await?;
    Ok(People { engineer, manager: rest::person(&mut admin, "Manager", "product_manager").await? })
}

#[derive(Debug, Clone)]
pub struct Product {
    pub slug: String,
    pub people: People,
    strategy: &'static str,
}

impl Product {
    /// Made and connected; nothing runs.
    pub async fn create(admin: &mut Client, slug: &str, people: &People, connection: &Value) -> anyhow::Result<Self> {
        let product = Self { slug: slug.to_owned(), people: people.clone(), strategy: "canary" };
        let body = json!({ "slug": slug, "name": slug, "playbook": "trials" });
        admin.must("POST", "/api/v1/products", Some(&body)).await?;
        admin.must("PUT", &product.at("/environments/production/driver"), Some(connection)).await?;
        Ok(product)
    }

    /// Versions come in by another strategy than the usual one.
    #[must_use]
    pub fn by(self, strategy: &'static str) -> Self {
        Self { strategy, ..self }
    }

    pub fn at(&self, rest: &str) -> String {
        format!("/api/v1/products/{}{rest}", self.slug)
    }

    /// A release that the manager has approved.
    pub async fn release(&self, address: SocketAddr, version: &str) -> anyhow::Result<()> {
        let mut author = self.people.engineer.client(address);
        let body = json!({ "version": version, "kind": "minor" });
        let made = author.must("POST", &self.at("/releases"), Some(&body)).await?;
        let digest = text(&made, "digest")?;
        author.must("POST", &self.at(&format!("/releases/{version}/approval-requests")), None).await?;
        self.decide(address, version, &digest, "approve").await
    }

    pub async fn decide(&self, address: SocketAddr, version: &str, digest: &str, word: &str) -> anyhow::Result<()> {
        let body = json!({ "role": "product_manager", "decision": word, "digest": digest, "comment": "seen" });
        let mut manager = self.people.manager.client(address);
        manager.must("POST", &self.at(&format!("/releases/{version}/approvals")), Some(&body)).await?;
        Ok(())
    }

    pub async fn promote(&self, admin: &mut Client, version: &str) -> io::Result<Answer> {
        let body = json!({ "env": "production", "strategy": self.strategy });
        admin.post(&self.at(&format!("/releases/{version}/deployments")), &body).await
    }

    pub async fn roll_back(&self, admin: &mut Client) -> io::Result<Answer> {
        admin.post(&self.at("/rollbacks"), &json!({ "env": "production", "reason": "the trial goes back" })).await
    }

    /// Says what runs already.
    pub async fn adopt(&self, admin: &mut Client, version: &str) -> anyhow::Result<()> {
        let body = json!({ "version": version });
        admin.must("POST", &self.at("/environments/production/adopt"), Some(&body)).await?;
        Ok(())
    }

    /// Brings a version all the way in.
    pub async fn bring(&self, admin: &mut Client, version: &str, within: Duration) -> anyhow::Result<()> {
        let answer = self.promote(admin, version).await?;
        anyhow::ensure!(answer.status == 202, "{version} cannot start: {}", String::from_utf8_lossy(&answer.body));
        let id = text(&answer.json(), "id")?;
        let end = self.settles(admin, &id, within).await?;
        anyhow::ensure!(end["state"] == "live", "{version} ended otherwise: {end}");
        Ok(())
    }

    pub async fn deployment(&self, admin: &mut Client, id: &str) -> anyhow::Result<Value> {
        admin.must("GET", &self.at(&format!("/deployments/{id}")), None).await
    }

    /// All of them, the newest first.
    pub async fn deployments(&self, admin: &mut Client) -> anyhow::Result<Vec<Value>> {
        let list = admin.must("GET", &self.at("/deployments"), None).await?;
        list["items"].as_array().cloned().context("no list of deployments")
    }

    pub async fn production(&self, admin: &mut Client) -> anyhow::Result<Value> {
        admin.must("GET", &self.at("/environments/production"), None).await
    }

    /// Waits until it is over or parked. Where a judge is waited for, a person moves on.
    pub async fn settles(&self, admin: &mut Client, id: &str, within: Duration) -> anyhow::Result<Value> {
        let began = Instant::now();
        loop {
            let seen = self.deployment(admin, id).await?;
            if is_settled(&seen) {
                return Ok(seen);
            }
            anyhow::ensure!(began.elapsed() < within, "it is neither over nor parked after {within:?}: {seen}");
            if seen["state"] == "judging" {
                let on = json!({ "reason": "the trial moves on" });
                // It may have moved by itself in between.
                let _ = admin.post(&self.at(&format!("/deployments/{id}/promote")), &on).await?;
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
}

pub fn is_settled(deployment: &Value) -> bool {
    let state = deployment["state"].as_str().unwrap_or_default();
    matches!(state, "live" | "superseded" | "rolled_back" | "failed" | "parked")
}
