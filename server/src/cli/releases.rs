//! `create` and `status`.

use super::{
    client::Client,
    deployments::{summary, words},
    product,
    said::{self, Said, rows, table, text},
};
use clap::{Args, ValueEnum};
use http::Method;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Which part of the version number is raised.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Bump {
    Patch,
    Minor,
    Major,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("number").required(true))]
pub(super) struct Create {
    /// Raise the highest version there is by this
    #[arg(group = "number")]
    bump: Option<Bump>,
    /// Take exactly this version, by SemVer
    #[arg(long, value_name = "X.Y.Z", group = "number")]
    version: Option<String>,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// A release type of the playbook; the one that belongs to the bump, when left out
    #[arg(long, value_name = "TYPE")]
    kind: Option<String>,
    #[arg(long)]
    title: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        let bump = self.bump.and_then(|bump| bump.to_possible_value()).map(|bump| bump.get_name().to_owned());
        let fields = [("bump", bump), ("version", self.version), ("kind", self.kind), ("title", self.title)];
        let body: Map<String, Value> =
            fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect();
        let made = client.send(Method::POST, &["products", &product, "releases"], Some(&body.into())).await?;
        if self.json {
            return Ok(said::json(&made));
        }
        let [version, kind, state, digest] = ["version", "kind", "state", "digest"].map(|name| text(&made, name));
        Ok(format!("Created {product} {version} ({kind}), now {state}. Digest {digest}\n"))
    }
}

#[derive(Debug, Args)]
pub(super) struct Status {
    version: String,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Status {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        let mut release = client.get(&["products", &product, "releases", &self.version]).await?;
        let mut deployments = Vec::new();
        for env in release.get("environments").and_then(Value::as_array).into_iter().flatten() {
            if let Some(brief) = env.get("deployment") {
                deployments.push(client.get(&["products", &product, "deployments", text(brief, "id")]).await?);
            }
        }
        if self.json {
            release["deployments"] = deployments.into();
            return Ok(said::json(&release));
        }
        Ok(describe(&product, &release) + &places(&release, &deployments))
    }
}

fn describe(product: &str, release: &Value) -> String {
    let [version, state, kind, title, digest] =
        ["version", "state", "kind", "title", "digest"].map(|name| text(release, name));
    let mut said = format!("{product} {version} is {state} ({kind})");
    if !title.is_empty() {
        let _ = write!(said, ": {title}");
    }
    let _ = writeln!(said, "\nDigest {digest}");
    let gates = rows(release, "gates", |gate| {
        let mark = match text(gate, "state") {
            "unmet" => "waits",
            other => other,
        };
        [mark, text(gate, "id"), text(gate, "env"), text(gate, "why")].map(str::to_owned).into()
    });
    let decisions = rows(release, "approvals", |approval| {
        let standing = match text(approval, "void_reason") {
            "" => text(approval, "comment").to_owned(),
            why => format!("void: {why}"),
        };
        let [decision, role, name, at] = ["decision", "role", "by_name", "at"].map(|field| text(approval, field));
        vec![decision.to_owned(), role.to_owned(), name.to_owned(), at.to_owned(), standing]
    });
    for (heading, rows) in [("Gates", gates), ("Decisions, newest first", decisions)] {
        if !rows.is_empty() {
            let _ = write!(said, "\n{heading}\n{}", table(&rows));
        }
    }
    said
}

/// Where it runs, and how it gets there or back.
fn places(release: &Value, deployments: &[Value]) -> String {
    let env = |env: &Value| {
        let state = match (env.get("deployment"), text(env, "since")) {
            (Some(brief), _) => words(text(brief, "state")),
            (None, "") => "not there".to_owned(),
            (None, _) => "runs".to_owned(),
        };
        vec![text(env, "name").to_owned(), state, text(env, "since").to_owned()]
    };
    let mut said = format!("\nEnvironments\n{}", table(&rows(release, "environments", env)));
    for deployment in deployments {
        let weight = |name: &str| match deployment.get("weight").and_then(|weight| weight.get(name)) {
            Some(Value::Number(share)) => format!("{share} %"),
            _ => "not known".to_owned(),
        };
        let _ = write!(said, "\n{}", summary(deployment));
        let _ = writeln!(said, "  Traffic: {} meant, {} found", weight("desired"), weight("actual"));
        for (field, what) in [("turned_back", "Taken back"), ("parked", "Waits for a human"), ("paused", "Paused")] {
            if let Some(stop) = deployment.get(field) {
                let why = [text(stop, "reason"), text(stop, "why")].concat();
                let _ = writeln!(said, "  {what} at {}: {why}", text(stop, "at"));
            }
        }
    }
    said
}
