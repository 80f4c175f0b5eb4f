//! Imports as the record knows them: that one was taken in, with how much of what; and that it was undone. The facts
//! themselves stand in tables of their own.

use crate::{
    Class, Refusal, Timestamp,
    access::{Actor, Authority, Permission},
    person::PersonId,
    slug::ProductSlug,
    text,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};
use uuid::Uuid;

const LONGEST_NAME: usize = 200;
const LONGEST_REASON: usize = 500;

/// An import, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImportId(pub Uuid);

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ImportId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// How many facts of one product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub changes: u64,
    pub deployments: u64,
    pub incidents: u64,
}

impl Taken {
    pub fn all(&self) -> u64 {
        self.changes + self.deployments + self.incidents
    }
}

/// What an import comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Of the file, as whoever sent it calls it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub products: BTreeMap<ProductSlug, Taken>,
    /// Lines that were wrong and left out.
    #[serde(default)]
    pub rejected: u64,
    /// Of the whole text, to recognise it.
    pub sha256: String,
}

impl Summary {
    pub fn accepted(&self) -> u64 {
        self.products.values().map(Taken::all).sum()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What was staged under this id counts from now on.
    Finish { summary: Summary },
    /// It counts no more, and its facts are removed.
    Undo { reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Finished(Summary),
    Undone { reason: String },
}

/// Who took an import back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub id: ImportId,
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub summary: Summary,
    #[serde(default)]
    pub undone: Option<Undone>,
}

impl Past {
    pub fn counts(&self) -> bool {
        self.undone.is_none()
    }
}

/// `on` says what the asker may do on a product; nothing where they do not see it.
pub fn decide(
    state: Option<&Past>,
    command: Command,
    on: impl Fn(&ProductSlug) -> Option<Authority>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Finish { summary } => {
            let mut summary = summary;
            summary.name = text::bounded("name", &summary.name, LONGEST_NAME)?;
            may(&summary, &on, "import past deliveries")?;
            if state.is_some() {
                return Err(Refusal::conflict("This was imported already.", "something staged", "imported"));
            }
            if summary.accepted() == 0 {
                return Err(Refusal::invalid("lines", "nothing to take in", "at least one sound line"));
            }
            Ok(vec![Event::Finished(summary)])
        }
        Command::Undo { reason } => {
            let past = state.ok_or_else(|| Refusal::not_found("import of this id"))?;
            may(&past.summary, &on, "undo imports")?;
            let reason = text::required("reason", &reason, LONGEST_REASON)?;
            Ok(if past.counts() { vec![Event::Undone { reason }] } else { Vec::new() })
        }
    }
}

/// Whoever changes what all figures of a product say administers it.
fn may(summary: &Summary, on: &impl Fn(&ProductSlug) -> Option<Authority>, to: &str) -> Result<(), Refusal> {
    for product in summary.products.keys() {
        let by = on(product).ok_or_else(|| Refusal::not_found(format!("product “{product}”")))?;
        by.require(Permission::Administer, to)?;
    }
    Ok(())
}

pub fn evolve(id: ImportId, state: Option<Past>, event: &Event, actor: Actor, at: Timestamp) -> Result<Past, Refusal> {
    match (state, event) {
        (None, Event::Finished(summary)) => {
            Ok(Past { id, at, by: actor.person(), summary: summary.clone(), undone: None })
        }
        (Some(past), Event::Undone { reason }) => {
            Ok(Past { undone: Some(Undone { at, by: actor.person(), reason: reason.clone() }), ..past })
        }
        _ => Err(Refusal::new(Class::Unavailable, format!("Import {id} begins twice or never."))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Event, ImportId, Past, Summary, Taken, decide, evolve};
    use crate::{
        Class,
        access::{Actor, Authority, Permission},
        slug::ProductSlug,
    };
    use uuid::Uuid;

    fn summary(products: &[&str]) -> Summary {
        let taken = Taken { changes: 1, deployments: 2, incidents: 0 };
        let products = products.iter().map(|slug| (slug.parse().expect("a slug"), taken)).collect();
        Summary { name: "past.csv".to_owned(), products, rejected: 0, sha256: "00".repeat(32) }
    }

    fn administers(only: &'static str) -> impl Fn(&ProductSlug) -> Option<Authority> {
        move |product| {
            let mut by = Authority::none(Actor::System);
            by.permissions.insert(Permission::View);
            if product.as_str() == only {
                by.permissions.insert(Permission::Administer);
            }
            (product.as_str() != "hidden").then_some(by)
        }
    }

    fn finish(products: &[&str]) -> Command {
        Command::Finish { summary: summary(products) }
    }

    #[test]
    fn whoever_administers_every_product_named_may_import_and_undo() {
        let by = administers("shop");
        assert_eq!(decide(None, finish(&["shop", "till"]), &by).unwrap_err().class, Class::Forbidden);
        assert_eq!(decide(None, finish(&["shop", "hidden"]), &by).unwrap_err().class, Class::NotFound);
        let events = decide(None, finish(&["shop"]), &by).expect("taken");
        assert_eq!(events, [Event::Finished(summary(&["shop"]))]);
        let id = ImportId(Uuid::from_u128(1));
        let at = "2026-03-01T12:00:00Z".parse().expect("an instant");
        let past = evolve(id, None, &events[0], Actor::System, at).expect("evolved");
        assert!(past.counts() && past.summary.accepted() == 3);
        assert_eq!(decide(Some(&past), finish(&["shop"]), &by).unwrap_err().class, Class::Conflict);
        let undo = |reason: &str| Command::Undo { reason: reason.to_owned() };
        assert_eq!(decide(Some(&past), undo(" "), &by).unwrap_err().field.as_deref(), Some("reason"));
        assert_eq!(decide(Some(&past), undo("x"), administers("till")).unwrap_err().class, Class::Forbidden);
        assert_eq!(decide(None, undo("x"), &by).unwrap_err().class, Class::NotFound);
        let events = decide(Some(&past), undo("The wrong file."), &by).expect("undone");
        let past: Past = evolve(id, Some(past), &events[0], Actor::System, at).expect("evolved");
        assert!(!past.counts());
        assert_eq!(decide(Some(&past), undo("Again."), &by), Ok(Vec::new()), "undone once");
    }

    #[test]
    fn nothing_is_no_import() {
        let refusal = decide(None, finish(&[]), administers("shop")).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("lines"));
    }
}
