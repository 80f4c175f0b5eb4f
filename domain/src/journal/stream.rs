//! Which thing an event is about.

#[cfg(not(target_arch = "wasm32"))]
use crate::{dora::import::ImportId, known_issue::KnownIssueId};
use crate::{
    environment::EnvironmentId,
    person::{PersonId, Reach},
    release::ReleaseId,
    slug::{PlaybookName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The text form is `product/shop`, `release/shop/1.4.2`, `person/ID`, `playbook/orca`, `environment/shop/staging`,
/// `calendar/shop` or `calendar/*`, `automation/shop` or `automation/*`, `known_issue/shop/ID`, `import/ID`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Stream {
    Product(ProductSlug),
    Release(ReleaseId),
    Person(PersonId),
    Playbook(PlaybookName),
    Environment(EnvironmentId),
    /// What is set in the calendar of one product, or of everywhere.
    Calendar(Reach),
    /// Whether automation is stopped, of one product or everywhere.
    Automation(Reach),
    /// Under the product that has it. The browser asks anew instead of following it.
    #[cfg(not(target_arch = "wasm32"))]
    KnownIssue(ProductSlug, KnownIssueId),
    /// Past deliveries taken in from one file, perhaps of several products.
    #[cfg(not(target_arch = "wasm32"))]
    Import(ImportId),
}

impl Stream {
    /// The product whose readers may see it; none means administrators only.
    pub fn product(&self) -> Option<&ProductSlug> {
        match self {
            Self::Product(slug) | Self::Calendar(Reach::Product(slug)) | Self::Automation(Reach::Product(slug)) => {
                Some(slug)
            }
            Self::Release(id) => Some(&id.product),
            Self::Environment(id) => Some(&id.product),
            #[cfg(not(target_arch = "wasm32"))]
            Self::KnownIssue(product, _) => Some(product),
            Self::Person(_)
            | Self::Playbook(_)
            | Self::Calendar(Reach::Everywhere)
            | Self::Automation(Reach::Everywhere) => None,
            #[cfg(not(target_arch = "wasm32"))]
            Self::Import(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” names no stream")]
pub struct NotAStream(String);

impl FromStr for Stream {
    type Err = NotAStream;
    fn from_str(text: &str) -> Result<Self, NotAStream> {
        let wrong = || NotAStream(text.to_owned());
        let (noun, rest) = text.split_once('/').ok_or_else(wrong)?;
        match noun {
            "product" => rest.parse().map(Self::Product).map_err(|_| wrong()),
            "release" => {
                let (product, version) = rest.split_once('/').ok_or_else(wrong)?;
                Ok(Self::Release(ReleaseId {
                    product: product.parse().map_err(|_| wrong())?,
                    version: version.parse().map_err(|_| wrong())?,
                }))
            }
            "person" => rest.parse().map(Self::Person).map_err(|_| wrong()),
            "playbook" => rest.parse().map(Self::Playbook).map_err(|_| wrong()),
            "environment" => {
                let (product, env) = rest.split_once('/').ok_or_else(wrong)?;
                Ok(Self::Environment(EnvironmentId {
                    product: product.parse().map_err(|_| wrong())?,
                    env: env.parse().map_err(|_| wrong())?,
                }))
            }
            "calendar" => Reach::try_from(rest.to_owned()).map(Self::Calendar).map_err(|_| wrong()),
            "automation" => Reach::try_from(rest.to_owned()).map(Self::Automation).map_err(|_| wrong()),
            #[cfg(not(target_arch = "wasm32"))]
            "known_issue" => {
                let (product, id) = rest.split_once('/').ok_or_else(wrong)?;
                Ok(Self::KnownIssue(product.parse().map_err(|_| wrong())?, id.parse().map_err(|_| wrong())?))
            }
            #[cfg(not(target_arch = "wasm32"))]
            "import" => rest.parse().map(Self::Import).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for Stream {
    type Error = NotAStream;
    fn try_from(text: String) -> Result<Self, NotAStream> {
        text.parse()
    }
}

impl From<Stream> for String {
    fn from(stream: Stream) -> Self {
        stream.to_string()
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product(slug) => write!(f, "product/{slug}"),
            Self::Release(id) => write!(f, "release/{}/{}", id.product, id.version),
            Self::Person(id) => write!(f, "person/{id}"),
            Self::Playbook(name) => write!(f, "playbook/{name}"),
            Self::Environment(id) => write!(f, "environment/{}/{}", id.product, id.env),
            Self::Calendar(reach) => write!(f, "calendar/{reach}"),
            Self::Automation(reach) => write!(f, "automation/{reach}"),
            #[cfg(not(target_arch = "wasm32"))]
            Self::KnownIssue(product, id) => write!(f, "known_issue/{product}/{id}"),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Import(id) => write!(f, "import/{id}"),
        }
    }
}
