//! Vercel: one project with its deployments; each deployment that was made, and each turn of the domains, is in the ledger.

use crate::{
    published::{Call, Description},
    service::{Answer, Service, Vendor},
};
use axum::http::Method;
use serde_json::{Value, json};

pub const TOKEN: &str = "vcp_TheTokenThatNobodyMaySee";
pub const PROJECT: &str = "prj_1a2b3c";

#[derive(Debug)]
pub struct Vercel {
    /// The oldest first, as they are listed.
    pub deployments: Vec<Value>,
    pub project: Value,
    /// Each effect: what was built, or where the domains were sent.
    pub ledger: Vec<String>,
    /// So many looks into the list do not show new deployments yet.
    pub blind: usize,
    /// The longest page.
    pub page: usize,
    /// Builds are ready as soon as they are listed, and the domains have turned as soon as the project is looked at.
    pub diligent: bool,
}

impl Vercel {
    /// Version 1.9.0 has the domains.
    pub async fn start() -> Service<Self> {
        let project = json!({
            "id": PROJECT, "name": "shop", "autoAssignCustomDomains": false, "lastAliasRequest": null,
            "targets": { "production": { "id": "dpl_0", "readyState": "READY", "url": "shop-0.vercel.app" } },
        });
        let mut vercel =
            Self { deployments: Vec::new(), project, ledger: Vec::new(), blind: 0, page: 100, diligent: false };
        vercel.add(&json!({ "pilothouseKey": "none", "pilothouseVersion": "1.9.0" }));
        vercel.build("READY", "PROMOTED");
        Service::start(vercel, Description::read(include_str!("../descriptions/vercel.json"))).await
    }

    pub fn add(&mut self, meta: &Value) -> Value {
        let n = self.deployments.len();
        let deployment = json!({
            "uid": format!("dpl_{n}"), "name": "shop", "projectId": PROJECT, "url": format!("shop-{n}.vercel.app"),
            "created": 1000 + n, "createdAt": 1000 + n, "inspectorUrl": link(n), "readyState": "QUEUED", "target": "production",
            "meta": meta,
        });
        self.deployments.push(deployment.clone());
        deployment
    }

    /// The newest deployment is now in this state.
    pub fn build(&mut self, state: &str, substate: &str) {
        let newest = self.deployments.last_mut().expect("a deployment");
        newest["readyState"] = json!(state);
        newest.as_object_mut().expect("an object").remove("readySubstate");
        if state == "READY" {
            newest["readySubstate"] = json!(substate);
        }
    }

    /// What became of the last turn of the domains.
    pub fn turned(&mut self, status: &str) {
        self.project["lastAliasRequest"]["jobStatus"] = json!(status);
    }

    /// The version that a deployment was made for.
    pub fn version(&self, deployment: &str) -> String {
        let made = self.deployments.iter().find(|one| one["uid"] == deployment);
        made.and_then(|one| one["meta"]["pilothouseVersion"].as_str()).unwrap_or_default().to_owned()
    }

    fn listed(&mut self, call: &Call) -> Answer {
        assert_eq!((&call.query["projectId"], &call.query["target"]), (&PROJECT.to_owned(), &"production".to_owned()));
        if self.blind > 0 {
            self.blind -= 1;
            return Answer::new(
                200,
                json!({ "deployments": [], "pagination": { "count": 0, "next": null, "prev": null } }),
            );
        }
        if self.diligent {
            self.build("READY", "STAGED");
        }
        let until = call.query.get("until").map_or(i64::MAX, |until| until.parse().expect("a number"));
        let older: Vec<&Value> =
            self.deployments.iter().rev().filter(|one| one["createdAt"].as_i64().expect("a number") < until).collect();
        let shown: Vec<&Value> = older.iter().take(self.page).copied().collect();
        let next = (older.len() > shown.len()).then(|| shown.last().expect("one")["createdAt"].clone());
        Answer::new(
            200,
            json!({ "deployments": shown, "pagination": { "count": shown.len(), "next": next, "prev": null } }),
        )
    }

    fn turn(&mut self, call: &Call, kind: &str) -> Answer {
        let to = &call.path["deploymentId"];
        if call.path["projectId"] != PROJECT || self.deployments.iter().all(|one| one["uid"] != to.as_str()) {
            return Answer::new(404, json!({ "error": { "code": "not_found" } }));
        }
        let last = &self.project["lastAliasRequest"];
        let from = match last["jobStatus"].as_str() {
            None => self.project["targets"]["production"]["id"].clone(),
            Some("succeeded") => last["toDeploymentId"].clone(),
            Some(_) => last["fromDeploymentId"].clone(),
        };
        self.ledger.push(format!("{kind} {to}"));
        self.project["lastAliasRequest"] = json!({ "type": kind, "fromDeploymentId": from, "toDeploymentId": to, "jobStatus": "pending", "requestedAt": 1 });
        if let Some(reason) = call.query.get("description") {
            self.project["rollbackDescription"] =
                json!({ "createdAt": 1, "description": reason, "userId": "u", "username": "pilothouse" });
        }
        Answer::new(201, Value::Null)
    }
}

pub fn link(n: usize) -> String {
    format!("https://vercel.com/acme/shop/dpl_{n}")
}

impl Vendor for Vercel {
    const AUTHORIZATION: &'static str = "Bearer vcp_TheTokenThatNobodyMaySee";

    fn answer(&mut self, call: &Call) -> Answer {
        if call.query.get("teamId").map(String::as_str) != Some("team_7") {
            return Answer::new(403, json!({ "error": { "code": "forbidden" } }));
        }
        if call.method == Method::GET {
            if call.template == "/v7/deployments" {
                return self.listed(call);
            }
            if self.diligent && !self.project["lastAliasRequest"].is_null() {
                self.turned("succeeded");
            }
            return Answer::new(200, self.project.clone());
        }
        match call.template.as_str() {
            "/v13/deployments" => {
                let made = self.add(&call.body["meta"]);
                self.ledger.push(format!("build {}", call.body["gitSource"]["ref"].as_str().unwrap_or_default()));
                if self.project["autoAssignCustomDomains"] == true {
                    self.ledger.push(format!("traffic {}", made["uid"]));
                }
                let mut answer = json!({ "id": made["uid"] });
                for name in ["name", "projectId", "url", "inspectorUrl", "meta", "readyState"] {
                    answer[name] = made[name].clone();
                }
                Answer::new(200, answer)
            }
            path if path.contains("/promote/") => self.turn(call, "promote"),
            _ => self.turn(call, "rollback"),
        }
    }
}
