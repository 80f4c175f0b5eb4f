//! The one shape in which every "no" reaches a person: what was refused, why, and who can help.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of "no" it is; the web layer has one table from here to status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Nobody is known to ask.
    Unauthenticated,
    /// Known, but not allowed.
    Forbidden,
    NotFound,
    /// The input itself is wrong.
    Invalid,
    /// The world has moved on since the asker looked.
    Conflict,
    /// A gate, a hold or a missing part stands in the way.
    Blocked,
    /// Too many tries.
    Throttled,
    /// It could not be recorded, so it did not happen.
    Unavailable,
}

/// A refusal with everything needed to act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub class: Class,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_can_help: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The named parts that changed since the asker looked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// The gates that stand in the way, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
}

impl Refusal {
    pub fn new(class: Class, detail: impl Into<String>) -> Self {
        Self {
            class,
            detail: detail.into(),
            field: None,
            found: None,
            allowed: None,
            who_can_help: None,
            expected: None,
            actual: None,
            changed: Vec::new(),
            gates: Vec::new(),
            retry_after_seconds: None,
        }
    }

    pub fn forbidden(detail: impl Into<String>, who_can_help: impl Into<String>) -> Self {
        Self { who_can_help: Some(who_can_help.into()), ..Self::new(Class::Forbidden, detail) }
    }

    pub fn not_found(what: impl fmt::Display) -> Self {
        Self::new(Class::NotFound, format!("There is no {what} that you can see."))
    }

    /// Wrong input: which field, what was found, what is allowed.
    pub fn invalid(field: impl Into<String>, found: impl Into<String>, allowed: impl Into<String>) -> Self {
        let (field, found, allowed) = (field.into(), found.into(), allowed.into());
        Self {
            detail: format!("“{field}”: found {found}; allowed is {allowed}."),
            field: Some(field),
            found: Some(found),
            allowed: Some(allowed),
            ..Self::new(Class::Invalid, "")
        }
    }

    pub fn conflict(detail: impl Into<String>, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), actual: Some(actual.into()), ..Self::new(Class::Conflict, detail) }
    }

    #[must_use]
    pub fn on(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        match &self.who_can_help {
            Some(who) => write!(f, " {who} can help."),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}
