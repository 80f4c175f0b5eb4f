//! The requests that are made of Vercel.

use super::project::{Deployment, KEY, Project, VERSION};
use crate::outbound::{Outbound, Reply, Request};
use control::driver::{Certainty, Fault, Secret, Task};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

const PER_PAGE: &str = "100";
/// So many pages of deployments are looked through, the newest first.
const PAGES: usize = 5;

#[derive(Debug)]
pub(super) struct Api {
    pub base: Url,
    /// The id or the name.
    pub project: String,
    pub team: Option<String>,
    pub token: Secret,
    pub outbound: Outbound,
}

/// Where the sources are.
#[derive(Debug)]
pub(super) struct Source {
    pub owner: String,
    pub name: String,
}

#[derive(Deserialize)]
struct Page {
    deployments: Vec<Deployment>,
    pagination: Pagination,
}

#[derive(Deserialize)]
struct Pagination {
    next: Option<i64>,
}

impl Api {
    pub(super) async fn project(&self) -> Result<Project, Fault> {
        self.send(Method::GET, self.url(&["v9", "projects", &self.project]), None).await?.json()
    }

    /// The production deployments that are wanted, among the newest.
    pub(super) async fn deployments(&self, wanted: impl Fn(&Deployment) -> bool) -> Result<Vec<Deployment>, Fault> {
        let mut found: Vec<Deployment> = Vec::new();
        let mut until = None;
        for _ in 0..PAGES {
            let mut url = self.url(&["v7", "deployments"]);
            url.query_pairs_mut()
                .append_pair("projectId", &self.project)
                .append_pair("target", "production")
                .append_pair("limit", PER_PAGE);
            if let Some(until) = until {
                url.query_pairs_mut().append_pair("until", &format!("{until}"));
            }
            let page: Page = self.send(Method::GET, url, None).await?.json()?;
            for deployment in page.deployments.into_iter().filter(|deployment| wanted(deployment)) {
                if found.iter().all(|other| other.id != deployment.id) {
                    found.push(deployment);
                }
            }
            until = page.pagination.next;
            if until.is_none() {
                break;
            }
        }
        Ok(found)
    }

    pub(super) async fn create(
        &self,
        project: &Project,
        source: &Source,
        reference: &str,
        task: &Task,
    ) -> Result<Deployment, Fault> {
        let mut url = self.url(&["v13", "deployments"]);
        // Otherwise an earlier deployment of the same sources may be answered, without our key.
        url.query_pairs_mut().append_pair("forceNew", "1");
        let body = json!({
            "name": project.name,
            "project": project.id,
            "target": "production",
            "gitSource": { "type": "github", "org": source.owner, "repo": source.name, "ref": reference },
            "meta": { KEY: task.key.to_string(), VERSION: task.version.to_string() },
        });
        self.send(Method::POST, url, Some(body)).await?.json()
    }

    /// Points the production domains to a deployment.
    pub(super) async fn promote(&self, project: &Project, deployment: &str) -> Result<(), Fault> {
        let url = self.url(&["v10", "projects", &project.id, "promote", deployment]);
        self.send(Method::POST, url, None).await.map(|_| ())
    }

    /// The same, for one that had them before; the key goes along as the reason.
    pub(super) async fn roll_back(&self, project: &Project, deployment: &str, task: &Task) -> Result<(), Fault> {
        let mut url = self.url(&["v1", "projects", &project.id, "rollback", deployment]);
        url.query_pairs_mut().append_pair("description", &format!("Pilothouse {}", task.key));
        self.send(Method::POST, url, None).await.map(|_| ())
    }

    fn url(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        if let Some(team) = &self.team {
            let name = if team.starts_with("team_") { "teamId" } else { "slug" };
            url.query_pairs_mut().append_pair(name, team);
        }
        url
    }

    async fn send(&self, method: Method, url: Url, body: Option<serde_json::Value>) -> Result<Reply, Fault> {
        let mut request = Request::new(method, url).secret_header("authorization", "Bearer ", &self.token)?;
        if let Some(body) = body {
            request = request.json(&body)?;
        }
        let reply = self.outbound.send(request).await?;
        if reply.good() { Ok(reply) } else { Err(fault(&reply)) }
    }
}

fn fault(reply: &Reply) -> Fault {
    let fault = reply.fault();
    match (fault.certainty, reply.status) {
        (Certainty::Declined, 401 | 403) => Fault::declined(format!(
            "Vercel does not accept the token, or it may not do this. Check the settings “token” and “team”. {fault}"
        )),
        (Certainty::Declined, 404) => Fault::declined(format!(
            "Vercel has no such project or deployment. Check the settings “project” and “team”. {fault}"
        )),
        // Said of a project that is being changed at this moment.
        (Certainty::Declined, 409) => Fault::not_done(fault.said),
        (Certainty::NotDone, 429) => match reply.header("x-ratelimit-reset") {
            Some(instant) => {
                Fault::not_done(format!("{fault} Again from second {} of the Unix clock.", reply.cover(instant)))
            }
            None => fault,
        },
        _ => fault,
    }
}
