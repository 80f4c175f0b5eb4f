//! Tasks and connections as the control room would hand them out.

use control::driver::{Connection, DriverKind, Secret, Task};
use domain::{
    environment::EnvironmentId,
    playbook::Percent,
    release::{Artifact, Version},
    rollout::{Action, RolloutId},
};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

pub fn place() -> EnvironmentId {
    EnvironmentId { product: "shop".parse().expect("a slug"), env: "production".parse().expect("a name") }
}

pub fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

/// 1.5.0 on its way to replace 1.4.2; each number has a key of its own.
pub fn task(number: u8, action: Action) -> Task {
    Task {
        key: Uuid::from_u128(0x5_0000_0000 + u128::from(number)),
        rollout: RolloutId(Uuid::from_u128(0x99)),
        place: place(),
        action,
        version: version("1.5.0"),
        other: Some(version("1.4.2")),
        artifacts: vec![Artifact { name: "shop-web".to_owned(), digest: "sha256:abc".to_owned() }],
        order: u64::from(number),
        limit: Duration::from_mins(1),
    }
}

/// The way back from it.
pub fn back(number: u8) -> Task {
    Task { version: version("1.4.2"), other: Some(version("1.5.0")), ..task(number, Action::RollBack) }
}

pub fn weight(share: u8) -> Action {
    Action::Weight { share: Percent::of(share) }
}

pub fn connection(kind: DriverKind, settings: Value, secrets: &[(&str, &str)]) -> Connection {
    let Value::Object(settings) = settings else { panic!("settings are an object") };
    let secrets = secrets.iter().map(|(name, text)| ((*name).to_owned(), Secret::new(*text))).collect();
    Connection { kind, settings, secrets }
}
