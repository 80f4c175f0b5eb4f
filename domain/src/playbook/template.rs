//! Texts with places to fill in: `{{version}} is live`.

use super::read::{Definitions, Read, Reader, Value, words};
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// What can be filled in.
    pub enum Variable {
        Product = "product",
        Version = "version",
        PreviousVersion = "previous_version",
        Headline = "headline",
        Environment = "environment",
        Bump = "bump",
        Date = "date",
        DeployTime = "deploy_time",
        Eta = "eta",
        Captain = "captain",
        Contact = "contact",
        PullRequest = "pull_request",
        NotesLink = "notes_link",
        ChangelogLink = "changelog_link",
        DocsLink = "docs_link",
        StatusLink = "status_link",
        RunbookLink = "runbook_link",
        ErrorRate = "error_rate",
        P95 = "p95",
        Metrics = "metrics",
        WatchTime = "watch_time",
        Highlights = "highlights",
        Features = "features",
        Improvements = "improvements",
        Fixes = "fixes",
        BreakingChanges = "breaking_changes",
        KnownIssues = "known_issues",
        Migration = "migration",
        Downtime = "downtime",
        Impact = "impact",
        Risk = "risk",
        Reason = "reason",
        Severity = "severity",
        NextUpdate = "next_update",
        Window = "window",
        What = "what",
        Percentage = "percentage",
        Target = "target",
        Sha = "sha",
        Name = "name",
        Package = "package",
        Url = "url",
        Pod = "pod",
        File = "file",
        Strategy = "strategy",
    }
}

/// A text whose places are all known variables.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template(String);

impl Template {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The variables in it, in order, each as often as it stands there.
    pub fn variables(&self) -> Vec<Variable> {
        places(&self.0).into_iter().flatten().filter_map(known).collect()
    }

    pub fn has(&self, variable: Variable) -> bool {
        self.variables().contains(&variable)
    }

    /// The text with every place filled in by `fill`; a place without an answer stays as it is.
    pub fn filled(&self, fill: impl Fn(Variable) -> Option<String>) -> String {
        let mut text = self.0.clone();
        for variable in self.variables() {
            if let Some(value) = fill(variable) {
                text = text.replace(&format!("{{{{{variable}}}}}"), &value);
            }
        }
        text
    }
}

fn known(name: &str) -> Option<Variable> {
    Variable::ALL.iter().copied().find(|v| v.name() == name)
}

/// The names between double braces; an error holds the text after a brace that is never closed.
fn places(text: &str) -> Result<Vec<&str>, &str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or(after)?;
        found.push(name);
        rest = after;
    }
    Ok(found)
}

impl TryFrom<String> for Template {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match places(&text) {
            Err(open) => Err(format!("“{{{{{}” is never closed", open.chars().take(30).collect::<String>())),
            Ok(names) => match names.into_iter().find(|name| known(name).is_none()) {
                Some(name) => Err(format!("“{name}” is no variable")),
                None => Ok(Self(text)),
            },
        }
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.0
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Read for Template {
    fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
        let text = String::read(value, reader)?;
        let Ok(names) = places(&text) else {
            reader.refuse(value, "opens a place with “{{” that is never closed", "{{variable}}");
            return None;
        };
        let all: Vec<&'static str> = Variable::ALL.iter().map(|v| v.name()).collect();
        let mut sound = true;
        for name in names.into_iter().filter(|name| known(name).is_none()) {
            reader.stray(value, name, "is no variable known here", &all);
            sound = false;
        }
        sound.then_some(Self(text))
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let names: Vec<String> = Variable::ALL.iter().map(|v| format!("{{{{{v}}}}}")).collect();
        definitions.written("Template", &format!("a text; places to fill in are {}", names.join(" ")), ".")
    }
}
