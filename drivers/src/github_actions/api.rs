//! The four requests that are made of GitHub.

use super::{
    runs::{Page, Run, Started},
    workflow::Workflow,
};
use crate::outbound::{Outbound, Reply, Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use control::driver::{Certainty, Fault, Secret};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;
use uuid::Uuid;

/// The version of the interface that the requests are written for.
const VERSION: &str = "2022-11-28";
const PER_PAGE: usize = 50;
/// So many pages of runs are looked through, the newest first.
const PAGES: usize = 4;

#[derive(Debug)]
pub(super) struct Api {
    pub base: Url,
    pub owner: String,
    pub name: String,
    /// The file's name.
    pub workflow: String,
    pub reference: String,
    pub token: Secret,
    pub outbound: Outbound,
}

#[derive(Deserialize)]
struct File {
    content: String,
}

impl Api {
    /// Starts a run. Answers its address where GitHub names it at once.
    pub(super) async fn dispatch(&self, inputs: Map<String, Value>) -> Result<Option<String>, Fault> {
        let url = self.url(&["actions", "workflows", &self.workflow, "dispatches"]);
        let body = json!({ "ref": self.reference, "inputs": inputs });
        let reply = self.send(self.request(Method::POST, url)?.json(&body)?).await?;
        // Older versions of the interface answer 204 without a body, newer ones 200 with the run. Either way it is accepted,
        // so that a body which cannot be read takes nothing back.
        Ok(serde_json::from_slice(&reply.body).ok().map(|started: Started| started.html_url))
    }

    /// The runs whose name holds the key, among the newest that were dispatched.
    pub(super) async fn runs(&self, key: Uuid) -> Result<Vec<Run>, Fault> {
        let mut found = Vec::new();
        let mut seen = 0;
        for page in 1..=PAGES {
            let mut url = self.url(&["actions", "workflows", &self.workflow, "runs"]);
            url.query_pairs_mut()
                .append_pair("event", "workflow_dispatch")
                .append_pair("exclude_pull_requests", "true")
                .append_pair("per_page", &PER_PAGE.to_string())
                .append_pair("page", &page.to_string());
            let listed: Page = self.send(self.request(Method::GET, url)?).await?.json()?;
            seen += listed.workflow_runs.len();
            let last = listed.workflow_runs.is_empty() || seen >= listed.total_count;
            for run in listed.workflow_runs {
                // A run that begins while pages are read moves others onto the next page.
                if run.carries(key) && found.iter().all(|other: &Run| other.id != run.id) {
                    found.push(run);
                }
            }
            if last {
                break;
            }
        }
        Ok(found)
    }

    pub(super) async fn workflow(&self) -> Result<Workflow, Fault> {
        let url = self.url(&["actions", "workflows", &self.workflow]);
        self.send(self.request(Method::GET, url)?).await?.json()
    }

    /// Where GitHub keeps workflows.
    pub(super) fn file(&self) -> String {
        format!(".github/workflows/{}", self.workflow)
    }

    /// The text of a file of the repository, as it is at the setting `ref`.
    pub(super) async fn text(&self, path: &str) -> Result<String, Fault> {
        let mut parts = vec!["contents"];
        parts.extend(path.split('/'));
        let mut url = self.url(&parts);
        url.query_pairs_mut().append_pair("ref", &self.reference);
        let file: File = self.send(self.request(Method::GET, url)?).await?.json()?;
        let bytes = STANDARD
            .decode(file.content.split_whitespace().collect::<String>())
            .map_err(|_| Fault::declined(format!("GitHub sent {path} in an encoding that is not base64.")))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn url(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["repos", &self.owner, &self.name]).extend(parts);
        }
        url
    }

    fn request(&self, method: Method, url: Url) -> Result<Request, Fault> {
        Request::new(method, url)
            .secret_header("authorization", "Bearer ", &self.token)?
            .header("accept", "application/vnd.github+json")?
            .header("x-github-api-version", VERSION)
    }

    async fn send(&self, request: Request) -> Result<Reply, Fault> {
        let reply = self.outbound.send(request).await?;
        if reply.good() { Ok(reply) } else { Err(fault(&reply)) }
    }
}

/// What a reply that says no means. GitHub says “not now” with 403 as well as with 429.
fn fault(reply: &Reply) -> Fault {
    let fault = reply.fault();
    let limited = reply.header("x-ratelimit-remaining") == Some("0")
        || reply.header("retry-after").is_some()
        || reply.quote().to_lowercase().contains("rate limit");
    if matches!(reply.status, 403 | 429) && limited {
        let again = match (reply.header("retry-after"), reply.header("x-ratelimit-reset")) {
            (Some(seconds), _) => format!(" Again after {} s.", reply.cover(seconds)),
            (None, Some(instant)) => format!(" Again from second {} of the Unix clock.", reply.cover(instant)),
            (None, None) => String::new(),
        };
        return Fault::not_done(format!("GitHub's limit of requests is reached; nothing was done.{again} {fault}"));
    }
    match (fault.certainty, reply.status) {
        (Certainty::Declined, 401) => Fault::declined(format!("GitHub does not accept the token. {fault}")),
        (Certainty::Declined, 404) => Fault::declined(format!(
            "GitHub does not show this token such a repository, workflow or file. Check the settings “repository”, “workflow” \
             and “ref”, and what the token may see. {fault}"
        )),
        _ => fault,
    }
}
