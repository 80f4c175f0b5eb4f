//! The fields of one line, taken by name; what nobody took is refused.

use super::{
    Entry, Fact, Fault,
    field::{self, Cell},
};
use crate::dora::facts::{Change, Deployment, Incident, Kind, Outcome};
use crate::{Timestamp, slug::EnvName};

const COMMON: [&str; 3] = ["type", "product", "id"];
const CHANGE: [&str; 2] = ["committed_at", "merged_at"];
const DEPLOYMENT: [&str; 8] =
    ["env", "version", "started_at", "finished_at", "outcome", "kind", "changes", "remediates"];
const INCIDENT: [&str; 5] = ["env", "severity", "started_at", "resolved_at", "deployment"];

/// Every field that some type has.
pub(super) fn is_known(field: &str) -> bool {
    [&COMMON[..], &CHANGE, &DEPLOYMENT, &INCIDENT].iter().any(|fields| fields.contains(&field))
}

pub(super) struct Fields<'a> {
    line: u64,
    cells: Vec<(&'a str, Cell<'a>)>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(line: u64, cells: Vec<(&'a str, Cell<'a>)>) -> Self {
        Self { line, cells }
    }

    pub(super) fn entry(mut self) -> Result<Entry, Fault> {
        let noun = self.must("type", "“change”, “deployment” or “incident”", |text| {
            ["change", "deployment", "incident"].into_iter().find(|noun| *noun == text)
        })?;
        let product = self.must("product", field::SLUG, |text| text.parse().ok())?;
        let id = self.must("id", field::ID, field::id)?;
        let fact = match noun {
            "change" => Fact::Change(self.change(id)?),
            "deployment" => Fact::Deployment(self.deployment(id)?),
            _ => Fact::Incident(self.incident(id)?),
        };
        let own: &[&str] = match noun {
            "change" => &CHANGE,
            "deployment" => &DEPLOYMENT,
            _ => &INCIDENT,
        };
        match self.cells.first() {
            None => Ok(Entry { line: self.line, product, fact }),
            Some((name, cell)) => {
                let fields = COMMON.iter().chain(own).copied().collect::<Vec<_>>().join(", ");
                let found = if COMMON.contains(name) || own.contains(name) {
                    "the field twice".to_owned()
                } else {
                    cell.shown()
                };
                Err(Fault::new(self.line, name, &found, format!("in a {noun} no field but {fields}, each once")))
            }
        }
    }

    fn change(&mut self, id: String) -> Result<Change, Fault> {
        Ok(Change { id, committed_at: self.instant("committed_at")?, merged_at: self.maybe_instant("merged_at")? })
    }

    fn deployment(&mut self, id: String) -> Result<Deployment, Fault> {
        Ok(Deployment {
            id,
            env: self.env()?,
            version: self.must("version", field::ID, field::id)?,
            started_at: Some(self.instant("started_at")?),
            finished_at: self.instant("finished_at")?,
            outcome: self.must("outcome", "“success” or “failed”", |text| match text {
                "success" => Some(Outcome::Success),
                "failed" => Some(Outcome::Failed),
                _ => None,
            })?,
            kind: self.must("kind", "“regular”, “hotfix” or “rollback”", |text| {
                [Kind::Regular, Kind::Hotfix, Kind::Rollback].into_iter().find(|kind| kind.as_str() == text)
            })?,
            changes: self.changes()?,
            remediates: self.maybe("remediates", field::ID, field::id)?,
            moments: None,
        })
    }

    fn incident(&mut self, id: String) -> Result<Incident, Fault> {
        Ok(Incident {
            id,
            env: self.env()?,
            severity: self.must("severity", field::SLUG, |text| text.parse::<EnvName>().ok().map(|s| s.to_string()))?,
            started_at: self.instant("started_at")?,
            resolved_at: self.maybe_instant("resolved_at")?,
            deployment: self.maybe("deployment", field::ID, field::id)?,
        })
    }

    fn env(&mut self) -> Result<EnvName, Fault> {
        self.must("env", field::SLUG, |text| text.parse().ok())
    }

    fn instant(&mut self, name: &str) -> Result<Timestamp, Fault> {
        self.must(name, field::INSTANT, field::instant)
    }

    fn maybe_instant(&mut self, name: &str) -> Result<Option<Timestamp>, Fault> {
        self.maybe(name, field::INSTANT, field::instant)
    }

    fn changes(&mut self) -> Result<Vec<String>, Fault> {
        match self.take("changes") {
            None => Ok(Vec::new()),
            Some(cell) => field::ids(&cell).ok_or_else(|| {
                Fault::new(
                    self.line,
                    "changes",
                    &cell.shown(),
                    format!("at most {} ids, each {}", field::MOST_CHANGES, field::ID),
                )
            }),
        }
    }

    fn must<T>(&mut self, name: &str, allowed: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let line = self.line;
        self.maybe(name, allowed, read)?.ok_or_else(|| Fault::missing(line, name, allowed))
    }

    fn maybe<T>(&mut self, name: &str, allowed: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Fault> {
        let Some(cell) = self.take(name) else { return Ok(None) };
        match cell.text().and_then(read) {
            Some(value) => Ok(Some(value)),
            None => Err(Fault::new(self.line, name, &cell.shown(), allowed)),
        }
    }

    fn take(&mut self, name: &str) -> Option<Cell<'a>> {
        let at = self.cells.iter().position(|(other, _)| *other == name)?;
        Some(self.cells.remove(at).1)
    }
}
