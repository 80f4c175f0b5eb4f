//! Which driver an environment has, with which settings.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt};

/// The kinds of drivers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriverKind {
    Local,
    Haproxy,
    Command,
    Webhook,
    GithubActions,
    ArgoRollouts,
    Kubernetes,
    Vercel,
}

/// Everything about it that is no secret.
pub type Settings = Map<String, Value>;

/// A text that is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The kind of a driver, or of a monitor, with its settings, secrets opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection<K = DriverKind> {
    pub kind: K,
    pub settings: Settings,
    pub secrets: BTreeMap<String, Secret>,
}

/// What is written into a field of the settings form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    /// Written once, never shown.
    Secret,
    /// A list of texts: a program and its arguments, one a line. JSON: an array of strings.
    Argv,
    /// Names with values, one a line as `NAME=value`. JSON: an object of strings.
    Pairs,
    /// Yes or no.
    Switch,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// A field of the settings of a driver or a monitor.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub title: &'static str,
    /// What belongs in it, with an example.
    pub help: &'static str,
    pub kind: FieldKind,
    pub required: bool,
}

impl DriverKind {
    pub const ALL: [Self; 8] = [
        Self::Local,
        Self::Haproxy,
        Self::Command,
        Self::Webhook,
        Self::GithubActions,
        Self::ArgoRollouts,
        Self::Kubernetes,
        Self::Vercel,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Haproxy => "haproxy",
            Self::Command => "command",
            Self::Webhook => "webhook",
            Self::GithubActions => "github-actions",
            Self::ArgoRollouts => "argo-rollouts",
            Self::Kubernetes => "kubernetes",
            Self::Vercel => "vercel",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for DriverKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
