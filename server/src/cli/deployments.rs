//! `deploy`, `rollback`, `deployments` and `logs`.

use super::{
    client::Client,
    product,
    said::{self, Said, table, text},
    wait::{self, Patience},
};
use clap::Args;
use http::Method;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
pub(super) struct Deploy {
    version: String,
    /// The environment that it goes into
    env: String,
    /// One that the playbook offers there; the planned one, when left out
    #[arg(long, value_name = "NAME")]
    strategy: Option<String>,
    /// The first share of traffic of a canary, in percent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    initial_traffic: Option<u32>,
    #[arg(long, default_value = "")]
    reason: String,
    /// Show what would happen, and do nothing
    #[arg(long, conflicts_with = "wait")]
    plan: bool,
    /// Stay until it is live (0), rolled back or failed (1), parked for a human (2), or out of time (3)
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    patience: Patience,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Deploy {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        if self.plan {
            let mut query = vec![("env", self.env)];
            query.extend(self.strategy.map(|strategy| ("strategy", strategy)));
            query.extend(self.initial_traffic.map(|share| ("initial_traffic", share.to_string())));
            let path = ["products", &product, "releases", &self.version, "deployments", "plan"];
            let plan = client.query(&path, &query).await?;
            return Ok(if self.json { said::json(&plan) } else { foretold(&plan) });
        }
        let mut body = Map::from_iter([("env".to_owned(), self.env.into()), ("reason".to_owned(), self.reason.into())]);
        body.extend(self.strategy.map(|strategy| ("strategy".to_owned(), strategy.into())));
        body.extend(self.initial_traffic.map(|share| ("initial_traffic".to_owned(), share.into())));
        let path = ["products", &product, "releases", &self.version, "deployments"];
        let started = client.send(Method::POST, &path, Some(&body.into())).await?;
        follow(&client, &product, &started, self.wait.then_some(self.patience), self.json).await
    }
}

#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// The environment that goes back
    env: String,
    /// A version that ran there; what ran before, when left out
    version: Option<String>,
    #[arg(long, default_value = "")]
    reason: String,
    /// Stay until it is back (0), failed (1), parked for a human (2), or out of time (3)
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    patience: Patience,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Rollback {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        let mut body = Map::from_iter([("env".to_owned(), self.env.into()), ("reason".to_owned(), self.reason.into())]);
        body.extend(self.version.map(|version| ("to_version".to_owned(), version.into())));
        let started = client.send(Method::POST, &["products", &product, "rollbacks"], Some(&body.into())).await?;
        if !self.wait {
            return follow(&client, &product, &started, None, self.json).await;
        }
        said::progress(&summary(&started));
        wait::until_back(&client, &product, &started, &self.patience).await
    }
}

#[derive(Debug, Args)]
pub(super) struct Deployments {
    #[arg(default_value = "production")]
    env: String,
    /// How many, the newest first
    #[arg(long, value_name = "N", default_value = "20", value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: u32,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Deployments {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        let query = [("env", self.env), ("limit", self.limit.to_string())];
        let list = client.query(&["products", &product, "deployments"], &query).await?;
        if self.json {
            return Ok(said::json(&list));
        }
        let row = |one: &Value| {
            let by = text(one, "started_by_name");
            [
                text(one, "started_at"),
                text(one, "purpose"),
                text(one, "version"),
                text(one, "state"),
                by,
                text(one, "id"),
            ]
            .map(str::to_owned)
            .into()
        };
        Ok(table(&said::rows(&list, "items", row)))
    }
}

#[derive(Debug, Args)]
pub(super) struct Logs {
    #[arg(default_value = "production")]
    env: String,
    /// How many lines, the newest last
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    lines: u32,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
}

impl Logs {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        let path = ["products", &product, "environments", &self.env, "log"];
        let log = client.query(&path, &[("lines", self.lines.to_string())]).await?;
        let lines = log.get("lines").and_then(Value::as_array).into_iter().flatten();
        Ok(lines.filter_map(Value::as_str).flat_map(|line| [line, "\n"]).collect())
    }
}

/// Says what was begun, and stays with it if that was asked for.
async fn follow(client: &Client, product: &str, started: &Value, wait: Option<Patience>, json: bool) -> Said {
    let Some(patience) = wait else {
        return Ok(if json { said::json(started) } else { summary(started) });
    };
    said::progress(&summary(started));
    wait::until_live(client, product, started, &patience).await
}

/// A deployment in a line, and its steps below.
pub(super) fn summary(deployment: &Value) -> String {
    let [version, env, state, id] = ["version", "env", "state", "id"].map(|name| text(deployment, name));
    let what = if text(deployment, "purpose") == "rollback" { "back to " } else { "" };
    format!("{env}: {what}{version} is {} ({id})\n{}", words(state), steps(deployment))
}

/// Step by step, those of the way back marked.
pub(super) fn steps(deployment: &Value) -> String {
    let number = |step: &Value| step.get("n").map(Value::to_string).unwrap_or_default();
    let row = |step: &Value| {
        let back = if step.get("back") == Some(&json!(true)) { "back" } else { "" };
        let (state, name, said) = (text(step, "state"), text(step, "name"), text(step, "said"));
        vec![format!("  {}", number(step)), state.to_owned(), back.to_owned(), name.to_owned(), said.to_owned()]
    };
    table(&said::rows(deployment, "steps", row))
}

/// A state as people say it.
pub(super) fn words(state: &str) -> String {
    state.replace('_', " ")
}

fn foretold(plan: &Value) -> String {
    let [version, env, strategy, driver] = ["version", "env", "strategy", "driver"].map(|name| text(plan, name));
    let row = |step: &Value| {
        vec![format!("  {}", step.get("n").map(Value::to_string).unwrap_or_default()), text(step, "name").to_owned()]
    };
    let unmet = |gate: &Value| vec!["  waits".to_owned(), text(gate, "id").to_owned(), text(gate, "why").to_owned()];
    let (steps, gates) = (table(&said::rows(plan, "steps", row)), table(&said::rows(plan, "gates", unmet)));
    let heading = if gates.is_empty() { "" } else { "Not yet:\n" };
    format!("{version} into {env} as {strategy}, by the driver {driver}\n{steps}{heading}{gates}")
}
