//! A product with its people, set up over REST as any customer would.

use crate::{client::Client, service::Service};
use anyhow::Context as _;
use serde_json::{Value, json};
use std::net::SocketAddr;

pub const PRODUCT: &str = "shop";

/// Somebody with a token.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub role: String,
    pub token: String,
}

impl Person {
    pub fn client(&self, address: SocketAddr) -> Client {
        Client::with_token(address, &self.token)
    }
}

/// The product of the trial, by the playbook `orca`.
pub async fn product(admin: &mut Client) -> anyhow::Result<()> {
    let body = json!({ "slug": PRODUCT, "name": "Shop", "playbook": "orca" });
    admin.must("POST", "/api/v1/products", Some(&body)).await?;
    Ok(())
}

pub async fn person(admin: &mut Client, name: &str, role: &str) -> anyhow::Result<Person> {
    let body = json!({ "name": name, "roles": [{ "product": "*", "role": role }] });
    let id = text(&admin.must("POST", "/api/v1/users", Some(&body)).await?, "id")?;
    let token = token(admin, &id).await?;
    Ok(Person { id, role: role.to_owned(), token })
}

/// A token for all that its holder may, issued by whoever `by` is.
pub async fn token(by: &mut Client, user: &str) -> anyhow::Result<String> {
    let body = json!({ "user": user, "scopes": ["*"] });
    text(&by.must("POST", "/api/v1/tokens", Some(&body)).await?, "token")
}

/// As many people as asked for, product managers and engineering leads in turn.
pub async fn approvers(service: &Service, count: usize) -> anyhow::Result<Vec<Person>> {
    let mut admin = service.admin();
    let mut all = Vec::with_capacity(count);
    for n in 0..count {
        let role = ["product_manager", "engineering_lead"][n % 2];
        all.push(person(&mut admin, &format!("Approver {n}"), role).await?);
    }
    Ok(all)
}

/// A new minor release, put up for approval; its version.
pub async fn release(author: &mut Client, title: &str) -> anyhow::Result<String> {
    let body = json!({ "bump": "minor", "title": title });
    let made = author.must("POST", &format!("/api/v1/products/{PRODUCT}/releases"), Some(&body)).await?;
    let version = text(&made, "version")?;
    author.must("POST", &format!("{}/approval-requests", address(&version)), None).await?;
    Ok(version)
}

/// The address of a release.
pub fn address(version: &str) -> String {
    format!("/api/v1/products/{PRODUCT}/releases/{version}")
}

pub fn decision(role: &str, digest: &str) -> Value {
    json!({ "role": role, "decision": "approve", "digest": digest })
}

/// Everything recorded after `since`, page by page.
pub async fn audit(admin: &mut Client, since: u64) -> anyhow::Result<Vec<Value>> {
    let (mut all, mut since) = (Vec::new(), since);
    loop {
        let page = admin.must("GET", &format!("/api/v1/audit?since={since}&limit=1000"), None).await?;
        let items = page["items"].as_array().context("the audit lists no items")?;
        let Some(last) = items.last() else { return Ok(all) };
        since = last["seq"].as_u64().context("an event without seq")?;
        all.extend(items.iter().cloned());
    }
}

/// A field that must be there.
pub fn text(value: &Value, field: &str) -> anyhow::Result<String> {
    value[field].as_str().map(str::to_owned).with_context(|| format!("the answer has no “{field}”: {value}"))
}
