//! Connections and questions that the tests begin with.

use control::{
    clock::{Clock, HandClock},
    driver::Secret,
    monitor::{Arm, Asking, Connection, Look, Missing, Monitor, MonitorKind, Observatory, Part, Question},
};
use domain::{Refusal, Timestamp, environment::EnvironmentId, judge::WindowLength};
use monitors::Instruments;
use serde_json::{Value, json};
use std::sync::Arc;

/// No text that a monitor returns may hold it.
pub const SECRET: &str = "t0ken-very-secret";

/// Time as it is.
#[derive(Debug)]
pub struct Now;

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "real monitoring systems live in real time")]
    fn now(&self) -> Timestamp {
        std::time::SystemTime::now().into()
    }
}

pub fn place() -> EnvironmentId {
    serde_json::from_value(json!({ "product": "shop", "env": "production" })).expect("a place")
}

/// The instant at which all questions of tests without real systems end.
pub fn end() -> Timestamp {
    Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant")
}

/// One minute, stable 1.4.2 and canary 1.5.0.
pub fn question() -> Question {
    let asking = |arm, version: &str| Asking { arm, version: version.parse().expect("a version") };
    let arms = vec![asking(Arm::Stable, "1.4.2"), asking(Arm::Canary, "1.5.0")];
    Question { arms, end: end(), window: WindowLength::MINUTE }
}

pub fn now(seconds: u32) -> Question {
    Question { end: Now.now(), window: WindowLength::from_seconds(seconds).expect("a window"), ..question() }
}

pub fn connection(kind: MonitorKind, settings: Value) -> Connection {
    let Value::Object(settings) = settings else { panic!("settings are an object") };
    Connection { kind, settings, secrets: [("token".to_owned(), Secret::new(SECRET))].into() }
}

/// With a clock that stands at [`end`].
pub fn instruments() -> Instruments {
    Instruments::new(Arc::new(HandClock::at(end())))
}

pub fn monitor(kind: MonitorKind, settings: Value) -> Arc<dyn Monitor> {
    instruments().monitor(&place(), &connection(kind, settings)).expect("a monitor")
}

pub fn refused(kind: MonitorKind, settings: Value) -> Refusal {
    instruments().monitor(&place(), &connection(kind, settings)).expect_err("refused")
}

pub fn part(look: &Look, arm: Arm) -> &Part {
    look.parts.iter().find(|part| part.arm == arm).expect("a part for each arm")
}

/// The reason in words, after a look that nothing holds a secret.
pub fn why<T: std::fmt::Debug>(look: &Look, missing: Option<&Missing>, value: &T) -> Missing {
    assert!(!format!("{look:?}").contains(SECRET), "a secret in {look:?}");
    let missing = missing.unwrap_or_else(|| panic!("a reason, not {value:?}"));
    assert!(missing.why.len() > 15 && missing.why.len() < 700, "no sentence: {}", missing.why);
    missing.clone()
}
