//! Every kind of event there is, under one name each: `release.created`, `person.role_granted`.

use crate::{automation, environment, person, playbook, product, release, window};
#[cfg(not(target_arch = "wasm32"))]
use crate::{dora::import, known_issue, rollout};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Product(product::Event),
    Release(release::Event),
    Person(person::Event),
    Playbook(playbook::Event),
    Environment(environment::Event),
    Calendar(window::Event),
    Automation(automation::Event),
    /// In the stream of its environment. The browser asks anew instead of following it.
    #[cfg(not(target_arch = "wasm32"))]
    Rollout(rollout::Event),
    #[cfg(not(target_arch = "wasm32"))]
    KnownIssue(known_issue::Event),
    /// Of past deliveries; the browser has no use for it.
    #[cfg(not(target_arch = "wasm32"))]
    Import(import::Event),
}

/// An event this program does not know: it is older than the record it reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event “{kind}” cannot be read by this version: {why}")]
pub struct UnknownKind {
    pub kind: String,
    pub why: String,
}

impl Fact {
    /// The name of the kind and the body, as they are stored.
    pub fn encode(&self) -> (String, Value) {
        match self {
            Self::Product(event) => split("product", event),
            Self::Release(event) => split("release", event),
            Self::Person(event) => split("person", event),
            Self::Playbook(event) => split("playbook", event),
            Self::Environment(event) => split("environment", event),
            Self::Calendar(event) => split("calendar", event),
            Self::Automation(event) => split("automation", event),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Rollout(event) => split("rollout", event),
            #[cfg(not(target_arch = "wasm32"))]
            Self::KnownIssue(event) => split("known_issue", event),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Import(event) => split("import", event),
        }
    }

    pub fn kind(&self) -> String {
        self.encode().0
    }

    pub fn decode(kind: &str, body: &Value) -> Result<Self, UnknownKind> {
        let unknown = |why: &str| UnknownKind { kind: kind.to_owned(), why: why.to_owned() };
        let (noun, verb) = kind.split_once('.').ok_or_else(|| unknown("no noun"))?;
        match noun {
            "product" => join(kind, verb, body).map(Self::Product),
            "release" => join(kind, verb, body).map(Self::Release),
            "person" => join(kind, verb, body).map(Self::Person),
            "playbook" => join(kind, verb, body).map(Self::Playbook),
            "environment" => join(kind, verb, body).map(Self::Environment),
            "calendar" => join(kind, verb, body).map(Self::Calendar),
            "automation" => join(kind, verb, body).map(Self::Automation),
            #[cfg(not(target_arch = "wasm32"))]
            "rollout" => join(kind, verb, body).map(Self::Rollout),
            #[cfg(not(target_arch = "wasm32"))]
            "known_issue" => join(kind, verb, body).map(Self::KnownIssue),
            #[cfg(not(target_arch = "wasm32"))]
            "import" => join(kind, verb, body).map(Self::Import),
            _ => Err(unknown("unknown noun")),
        }
    }
}

fn split<T: Serialize>(noun: &str, event: &T) -> (String, Value) {
    let mut whole = serde_json::to_value(event).unwrap_or(Value::Null);
    let verb = whole.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let body = whole.get_mut("body").map_or_else(|| json!({}), Value::take);
    (format!("{noun}.{verb}"), body)
}

fn join<T: DeserializeOwned>(kind: &str, verb: &str, body: &Value) -> Result<T, UnknownKind> {
    let unknown = |error: serde_json::Error| UnknownKind { kind: kind.to_owned(), why: error.to_string() };
    let empty = body.as_object().is_some_and(serde_json::Map::is_empty);
    match serde_json::from_value(json!({ "kind": verb, "body": body })) {
        Ok(event) => Ok(event),
        // A kind without details carries no body at all.
        Err(_) if empty => serde_json::from_value(json!({ "kind": verb })).map_err(unknown),
        Err(error) => Err(unknown(error)),
    }
}
