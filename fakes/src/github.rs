//! GitHub: a repository with one workflow, whose dispatched runs are the ledger.

use crate::{
    published::{Call, Description},
    service::{Answer, Service, Vendor},
};
use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

pub const TOKEN: &str = "ghp_TheTokenThatNobodyMaySee";

#[derive(Debug)]
pub struct GitHub {
    /// Everything that was started, with the inputs it was started with, the oldest first.
    pub runs: Vec<Run>,
    /// What the workflow's `run-name` holds.
    pub key_in_name: bool,
    /// So many looks into the list do not show new runs yet.
    pub blind: usize,
    /// Newer versions of the interface name the run at once.
    pub names_run: bool,
    pub state: &'static str,
    /// Runs end well as soon as they are listed.
    pub diligent: bool,
}

#[derive(Debug, Clone)]
pub struct Run {
    pub inputs: Value,
    pub reference: String,
    pub status: &'static str,
    pub conclusion: Option<&'static str>,
}

impl GitHub {
    pub async fn start() -> Service<Self> {
        let github =
            Self { runs: Vec::new(), key_in_name: true, blind: 0, names_run: false, state: "active", diligent: false };
        Service::start(github, Description::read(include_str!("../descriptions/github.json"))).await
    }

    pub fn end(&mut self, conclusion: &'static str) {
        let run = self.runs.last_mut().expect("a run");
        (run.status, run.conclusion) = ("completed", Some(conclusion));
    }

    fn listed(&mut self, call: &Call) -> Answer {
        if self.blind > 0 {
            self.blind -= 1;
            return Answer::new(200, json!({ "total_count": 0, "workflow_runs": [] }));
        }
        if self.diligent {
            self.runs.iter_mut().for_each(|run| (run.status, run.conclusion) = ("completed", Some("success")));
        }
        let number =
            |name: &str, usual: usize| call.query.get(name).map_or(usual, |text| text.parse().expect("a number"));
        let (size, page) = (number("per_page", 30).min(100), number("page", 1));
        let all: Vec<Value> = self.runs.iter().enumerate().rev().map(|(n, run)| self.shown(n, run)).collect();
        let shown: Vec<Value> = all.iter().skip((page - 1) * size).take(size).cloned().collect();
        Answer::new(200, json!({ "total_count": all.len(), "workflow_runs": shown }))
    }

    fn shown(&self, n: usize, run: &Run) -> Value {
        let key = if self.key_in_name { run.inputs["key"].as_str().unwrap_or_default() } else { "" };
        json!({
            "id": 1000 + n,
            "name": "Deploy",
            "display_title": format!("Pilothouse {} {key}", run.inputs["action"].as_str().unwrap_or_default()),
            "event": "workflow_dispatch",
            "status": run.status,
            "conclusion": run.conclusion,
            "html_url": link(n),
            "created_at": "2026-03-01T10:00:00Z",
        })
    }
}

pub fn link(n: usize) -> String {
    format!("https://github.com/acme/shop/actions/runs/{}", 1000 + n)
}

impl Vendor for GitHub {
    const AUTHORIZATION: &'static str = "Bearer ghp_TheTokenThatNobodyMaySee";

    fn answer(&mut self, call: &Call) -> Answer {
        if call.path["owner"] != "acme" || call.path["repo"] != "shop" {
            return Answer::new(404, json!({ "message": "Not Found" }));
        }
        let last = call.template.rsplit('/').next().unwrap_or_default();
        match (&call.method, last) {
            (&Method::POST, "dispatches") => {
                let declared = ["action", "version", "other", "percentage", "environment", "key"];
                let inputs = call.body["inputs"].as_object().cloned().unwrap_or_default();
                if inputs.keys().any(|name| !declared.contains(&name.as_str())) {
                    return Answer::new(422, json!({ "message": "Unexpected inputs provided" }));
                }
                self.runs.push(Run {
                    inputs: Value::Object(inputs),
                    reference: call.body["ref"].as_str().unwrap_or_default().to_owned(),
                    status: "queued",
                    conclusion: None,
                });
                let n = self.runs.len() - 1;
                if !self.names_run {
                    return Answer::new(204, Value::Null);
                }
                let run_url = format!("https://api.github.com/repos/acme/shop/actions/runs/{}", 1000 + n);
                Answer::new(200, json!({ "workflow_run_id": 1000 + n, "run_url": run_url, "html_url": link(n) }))
            }
            (&Method::GET, "runs") => self.listed(call),
            (&Method::GET, "{workflow_id}") => Answer::new(
                200,
                json!({
                    "id": 7, "name": "Deploy", "path": ".github/workflows/deploy.yml", "state": self.state,
                    "html_url": "https://github.com/acme/shop/actions/workflows/deploy.yml",
                }),
            ),
            _ => {
                let key = if self.key_in_name { "${{ inputs.key }}" } else { "" };
                let text = format!(
                    "name: Deploy\nrun-name: Pilothouse {key}\non:\n  workflow_dispatch:\n    inputs:\n      action:\n      version:\n      \
                     other:\n      percentage:\n      environment:\n      key:\n"
                );
                Answer::new(
                    200,
                    json!({
                        "type": "file", "encoding": "base64", "size": text.len(), "name": "deploy.yml", "path": call.path["path"],
                        "content": format!("{}\n", STANDARD.encode(text)), "sha": "0".repeat(40),
                    }),
                )
            }
        }
    }
}
