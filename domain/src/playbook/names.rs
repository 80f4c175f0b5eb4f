//! The names that parts of a playbook go by; names of different nouns never mix.

use super::read::{Definitions, Read, Reader, Value};
use crate::slug::{NotASlug, TypeId};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

const NAME: &str = "1 to 40 of a–z, 0–9, “-” and “_”, beginning with a letter or digit";

/// Declares a name type that follows the rule all names of the house follow.
macro_rules! names {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = NotASlug;
            fn from_str(text: &str) -> Result<Self, NotASlug> {
                TypeId::from_str(text).map(|checked| Self(checked.as_str().into()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotASlug;
            fn try_from(text: String) -> Result<Self, NotASlug> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                (*name.0).to_owned()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Read for $name {
            fn read(value: &Value<'_>, reader: &mut Reader) -> Option<Self> {
                reader.written(value, NAME)
            }
            fn schema(definitions: &mut Definitions) -> serde_json::Value {
                definitions.written(stringify!($name), NAME, "^[a-z0-9][a-z0-9_-]{0,39}$")
            }
        }
    )*};
}

names! {
    /// A strategy: `canary`.
    StrategyId;
    /// Something measured: `error_rate`.
    SignalId;
    /// A gate: `ci_checks`.
    GateId;
    /// A checklist: `release_day`.
    ChecklistId;
    /// A message: `freeze`.
    MessageId;
    /// Where messages go: `engineering_chat`.
    ChannelId;
    /// A command template: `deploy_production`.
    CommandId;
    /// A figure with or without a target: `rollback_rate`.
    MetricId;
    /// A train of the calendar: `weekly`.
    TrainId;
    /// Any other part that is pointed at: an item, a clock, a threshold.
    PartId;
}
