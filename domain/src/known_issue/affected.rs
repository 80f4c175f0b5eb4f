//! Which versions have it: a range written `>= 1.2.0, <= 1.4.2`.

use crate::{Refusal, release::Version};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, str::FromStr};

/// From one version on, perhaps up to another; both ends belong to it. Build metadata makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Affected {
    from: Option<Version>,
    to: Option<Version>,
}

const ALLOWED: &str = "“>= 1.2.0”, “<= 1.4.2”, “>= 1.2.0, <= 1.4.2”, “1.2.0” alone, or “all”";

impl Affected {
    pub fn new(from: Option<Version>, to: Option<Version>) -> Result<Self, Refusal> {
        match (&from, &to) {
            (Some(first), Some(last)) if above(first, last) => Err(Refusal::invalid(
                "affected",
                format!("{first} to {last}"),
                "a range whose end is not below its start",
            )),
            _ => Ok(Self { from, to }),
        }
    }

    pub fn holds(&self, version: &Version) -> bool {
        self.from.as_ref().is_none_or(|first| !above(first, version))
            && self.to.as_ref().is_none_or(|last| !above(version, last))
    }

    pub fn from(&self) -> Option<&Version> {
        self.from.as_ref()
    }
}

/// Higher by precedence.
pub(super) fn above(one: &Version, other: &Version) -> bool {
    one.0.cmp_precedence(&other.0) == Ordering::Greater
}

impl FromStr for Affected {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let wrong =
            || Refusal::invalid("affected", format!("“{}”", text.chars().take(80).collect::<String>()), ALLOWED);
        let version = |text: &str| text.trim().parse::<Version>().map_err(|_| wrong());
        let text = text.trim();
        if text == "all" {
            return Self::new(None, None);
        }
        let (mut from, mut to) = (None, None);
        for part in text.split(',').map(str::trim) {
            let (place, rest) = match (part.strip_prefix(">="), part.strip_prefix("<=")) {
                (Some(rest), _) => (&mut from, rest),
                (_, Some(rest)) => (&mut to, rest),
                (None, None) if part == text => {
                    let only = version(text)?;
                    return Self::new(Some(only.clone()), Some(only));
                }
                (None, None) => return Err(wrong()),
            };
            if place.replace(version(rest)?).is_some() {
                return Err(wrong());
            }
        }
        Self::new(from, to)
    }
}

impl fmt::Display for Affected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (None, None) => f.write_str("all"),
            (Some(from), None) => write!(f, ">= {from}"),
            (None, Some(to)) => write!(f, "<= {to}"),
            (Some(from), Some(to)) if from == to => write!(f, "{from}"),
            (Some(from), Some(to)) => write!(f, ">= {from}, <= {to}"),
        }
    }
}

impl TryFrom<String> for Affected {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<Affected> for String {
    fn from(range: Affected) -> Self {
        range.to_string()
    }
}
