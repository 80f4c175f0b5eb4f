//! A playbook as a whole.

use super::{
    AlertRoute, ApprovalRules, Branch, Briefing, Calendar, Changelog, Channel, Checklist, Clock, Command, Commits,
    Contact, Dashboard, Decision, Document, Endpoint, Environment, Evidence, Flags, Gate, Head, Help, Judging,
    KillSwitch, Message, Metric, Migrations, Notes, Observation, Pipeline, Principle, Procedure, PullRequest,
    ReleaseRecord, ReleaseType, Retrospective, Review, Role, Severity, Signal, Slo, StatusPage, Strategy, TestSuite,
    Threshold, Tool, Troubleshooting, Versioning, Vulnerability, Watch,
    read::{Reader, Value, record},
};
use crate::{
    release::Bump,
    slug::{EnvName, PlaybookName, TypeId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Counts up with each publication of the same playbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u32);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

record! {
    /// A team's release procedure as data.
    pub struct Playbook {
        /// Its name in addresses.
        pub name: PlaybookName,
        pub title: String,
        pub summary: String,
        pub head: Option<Head>,
        pub principles: Vec<Principle> as "principle",
        pub versioning: Option<Versioning>,
        pub branches: Vec<Branch> as "branch",
        pub commits: Option<Commits>,
        pub migrations: Option<Migrations>,
        /// In the order in which a release passes through them.
        pub environments: Vec<Environment> as "environment",
        pub roles: Vec<Role> as "role",
        pub types: Vec<ReleaseType> as "type",
        pub approval: ApprovalRules = ApprovalRules::strict(),
        pub strategies: Vec<Strategy> as "strategy",
        pub signals: Vec<Signal> as "signal",
        pub thresholds: Vec<Threshold> as "threshold",
        pub triggers: Vec<Observation> as "trigger",
        pub judging: Judging = Judging::usual(),
        pub watch: Option<Watch>,
        pub endpoints: Vec<Endpoint> as "endpoint",
        pub dashboards: Vec<Dashboard> as "dashboard",
        pub gates: Vec<Gate> as "gate",
        pub evidence: Vec<Evidence>,
        pub checklists: Vec<Checklist> as "checklist",
        pub calendar: Calendar = Calendar::open(),
        pub contacts: Vec<Contact> as "contact",
        pub channels: Vec<Channel> as "channel",
        pub help: Vec<Help>,
        pub clocks: Vec<Clock> as "clock",
        pub vulnerabilities: Vec<Vulnerability> as "vulnerability",
        pub severities: Vec<Severity> as "severity",
        pub decisions: Vec<Decision> as "decision",
        pub messages: Vec<Message> as "message",
        pub briefings: Vec<Briefing> as "briefing",
        pub notes: Option<Notes>,
        pub changelog: Option<Changelog>,
        pub pull_request: Option<PullRequest>,
        pub retrospectives: Vec<Retrospective> as "retrospective",
        pub reviews: Vec<Review> as "review",
        pub metrics: Vec<Metric> as "metric",
        pub slos: Vec<Slo> as "slo",
        pub alert_routes: Vec<AlertRoute> as "alert_route",
        pub commands: Vec<Command> as "command",
        pub troubleshooting: Vec<Troubleshooting>,
        pub procedures: Vec<Procedure> as "procedure",
        pub pipelines: Vec<Pipeline> as "pipeline",
        pub test_suites: Vec<TestSuite> as "test_suite",
        pub flags: Option<Flags>,
        pub kill_switches: Vec<KillSwitch> as "kill_switch",
        pub record: Option<ReleaseRecord>,
        pub documents: Vec<Document> as "document",
        pub tools: Vec<Tool> as "tool",
        pub status_page: Option<StatusPage>,
    }
    check Playbook::sound;
}

impl Playbook {
    /// The type asked for, or the one that belongs to the bump.
    pub fn type_for(&self, kind: Option<&TypeId>, bump: Bump) -> Option<&ReleaseType> {
        match kind {
            Some(id) => self.types.iter().find(|t| &t.id == id),
            None => self
                .types
                .iter()
                .find(|t| t.bump == bump && t.default_for_bump)
                .or_else(|| self.types.iter().find(|t| t.bump == bump)),
        }
    }

    pub fn has_environment(&self, name: &EnvName) -> bool {
        self.environments.iter().any(|e| &e.name == name)
    }

    /// The gates before `environment` for a release of type `kind`, in the playbook's order.
    pub fn gates_before<'a>(&'a self, environment: &'a EnvName, kind: &'a TypeId) -> impl Iterator<Item = &'a Gate> {
        self.gates.iter().filter(move |gate| gate.stands(environment, kind))
    }

    /// The strategy of a release of type `kind` when nobody chooses one.
    pub fn strategy_for(&self, kind: &ReleaseType) -> Option<&Strategy> {
        let named = kind.strategy.as_ref().and_then(|id| self.strategies.iter().find(|s| &s.id == id));
        named.or_else(|| self.strategies.iter().find(|s| s.default)).or_else(|| self.strategies.first())
    }

    /// What only shows when parts are seen together.
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        for bump in Bump::ALL {
            let all = self.types.iter().filter(|t| t.bump == bump && t.default_for_bump).count();
            if all > 1 {
                reader.contradiction(
                    value,
                    "type",
                    format!("has {all} defaults for a {} bump; one is enough", bump.name()),
                );
            }
        }
        if self.strategies.iter().filter(|s| s.default).count() > 1 {
            reader.contradiction(value, "strategy", "has more than one default");
        }
        let mut bands: Vec<_> = self.vulnerabilities.iter().map(|v| (v.from, v.to)).collect();
        bands.sort_unstable();
        if let Some(pair) = bands.windows(2).find(|pair| pair[0].1 >= pair[1].0) {
            reader.contradiction(
                value,
                "vulnerability",
                format!("scores {} to {} stand in two bands", pair[1].0, pair[0].1),
            );
        }
    }
}
