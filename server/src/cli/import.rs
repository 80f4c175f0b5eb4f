//! `import`: past deliveries from a file, the list of imports, and taking one back.

use super::{
    client::Client,
    said::{self, Fail, Said, text},
};
use clap::Args;
use http::Method;
use serde_json::{Value, json};
use std::{fmt::Write as _, path::PathBuf};

/// So many lines that are wrong are printed.
const MOST: usize = 50;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Import {
    /// Deployments, changes and incidents as NDJSON or CSV
    #[arg(required_unless_present_any = ["list", "undo"])]
    file: Option<PathBuf>,
    /// Only say what would be taken and what is wrong
    #[arg(long)]
    dry_run: bool,
    /// Take the sound lines although others are wrong
    #[arg(long)]
    partial: bool,
    /// List the imports there are, newest first
    #[arg(long, conflicts_with_all = ["file", "dry_run", "partial"])]
    list: bool,
    /// Take an import back
    #[arg(long, value_name = "ID", requires = "reason", conflicts_with_all = ["file", "list", "dry_run", "partial"])]
    undo: Option<String>,
    /// Why it is taken back
    #[arg(long, requires = "undo")]
    reason: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        if let Some(id) = &self.undo {
            let body = json!({ "reason": self.reason });
            client.send(Method::DELETE, &["imports", id], Some(&body)).await?;
            return Ok(format!("Undone: {id}\n"));
        }
        let Some(file) = self.file.as_ref().filter(|_| !self.list) else {
            let all = client.all(&["imports"]).await?;
            return Ok(if self.json { said::json(&Value::from(all)) } else { listed(&all) });
        };
        let wrong = |error: std::io::Error| Fail::usage(format!("{} cannot be read: {error}", file.display()));
        let lines = tokio::fs::read_to_string(file).await.map_err(wrong)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let query = [("name", name), ("partial", self.partial.to_string()), ("dry_run", self.dry_run.to_string())];
        let answer = client.file(&["import"], &query, lines).await?;
        Ok(if self.json { said::json(&answer) } else { taken(&answer, self.dry_run) })
    }
}

fn number(value: &Value, field: &str) -> u64 {
    value[field].as_u64().unwrap_or_default()
}

fn facts(products: &Value) -> String {
    let mut told = String::new();
    for (product, taken) in products.as_object().into_iter().flatten() {
        let [deployments, changes, incidents] = ["deployments", "changes", "incidents"].map(|name| number(taken, name));
        // Writing to a String cannot fail.
        let _ = writeln!(told, "  {product}: {deployments} deployments, {changes} changes, {incidents} incidents");
    }
    told
}

fn taken(answer: &Value, dry_run: bool) -> String {
    let verb = if dry_run { "Would be taken" } else { "Taken" };
    let mut told = format!("{verb}: {} lines\n{}", number(answer, "accepted"), facts(&answer["products"]));
    let wrong = number(answer, "rejected_total");
    if wrong > 0 {
        let _ = writeln!(told, "Left out: {wrong} lines");
        for line in rejected(answer) {
            let _ = writeln!(told, "  {line}");
        }
    }
    if !dry_run {
        let _ = writeln!(told, "Import {}", text(answer, "id"));
    }
    told
}

/// The lines that are wrong, as far as they are printed.
pub(super) fn rejected(answer: &Value) -> Vec<String> {
    let all = answer["rejected"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told = |line: &Value| {
        format!("line {}, “{}”: {}", number(line, "line"), text(line, "field"), text(line, "why").replace('\n', " "))
    };
    let mut lines: Vec<String> = all.iter().take(MOST).map(told).collect();
    if all.len() > MOST {
        lines.push(format!("… and {} more", all.len() - MOST));
    }
    lines
}

fn listed(all: &[Value]) -> String {
    let mut told = String::new();
    for import in all {
        let undone = if import["undone"].is_null() { "" } else { ", undone" };
        let (id, at, name) = (text(import, "id"), text(import, "at"), text(import, "name"));
        let _ = writeln!(told, "{id}  {at}  {name}  {} lines{undone}", number(import, "accepted"));
    }
    if told.is_empty() { "Nothing was imported yet.\n".to_owned() } else { told }
}
