//! Tasks and connections that the tests begin with.

use control::driver::{Connection, DriverKind, Fault, Secret, Task};
use domain::{
    environment::EnvironmentId,
    release::{Artifact, Version},
    rollout::{Action, RolloutId},
};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

pub fn place() -> EnvironmentId {
    serde_json::from_value(serde_json::json!({ "product": "shop", "env": "production" })).expect("a place")
}

pub fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

/// The `n`th task of the environment, about version 2.0.0 after 1.9.0.
pub fn task(n: u8, action: Action) -> Task {
    Task {
        key: Uuid::from_bytes([n; 16]),
        rollout: RolloutId(Uuid::from_bytes([200; 16])),
        place: place(),
        action,
        version: version("2.0.0"),
        other: Some(version("1.9.0")),
        artifacts: vec![Artifact {
            name: "registry.example/shop".into(),
            digest: format!("sha256:{}", "a".repeat(64)),
        }],
        order: u64::from(n),
        limit: Duration::from_mins(10),
    }
}

pub fn connection(kind: DriverKind, settings: Value, secrets: &[(&str, &str)]) -> Connection {
    let Value::Object(settings) = settings else { panic!("settings are an object") };
    let secrets = secrets.iter().map(|(name, text)| ((*name).to_owned(), Secret::new(*text))).collect();
    Connection { kind, settings, secrets }
}

/// The fault's words, after a look that they hold no secret.
pub fn said(fault: &Fault, secret: &str) -> String {
    for text in [fault.said.clone(), fault.to_string(), format!("{fault:?}")] {
        assert!(!text.contains(secret), "a secret in “{text}”");
    }
    fault.said.clone()
}
