//! What was added between two looks at a page. Where a counter began anew, what came in between is not known.

use super::{selector::Selector, text::Line};
use control::monitor::Missing;
use domain::Timestamp;
use std::collections::BTreeMap;

/// Says that a process was started anew even when its counters have overtaken their old values.
pub const STARTED: &str = "process_start_time_seconds";

type Key = (String, Labels);

pub type Labels = BTreeMap<String, String>;

/// What one series has gained.
pub type Gain = (Labels, f64);

/// A page as it was.
#[derive(Debug, Clone)]
pub struct Page {
    pub end: Timestamp,
    lines: BTreeMap<Key, f64>,
}

impl Page {
    /// Refused when two lines are the same series.
    pub fn new(end: Timestamp, lines: &[Line]) -> Result<Self, Missing> {
        let mut known = BTreeMap::new();
        for line in lines {
            if known.insert((line.name.clone(), line.labels.clone()), line.value).is_some() {
                return Err(Missing::failed(format!("The page has the same series of {} twice.", line.name)));
            }
        }
        Ok(Self { end, lines: known })
    }

    /// What the series that are meant have gained since `before`, each with its labels. `part` chooses those of an arm.
    pub fn gained(
        &self,
        before: &Self,
        selector: &Selector,
        suffix: &str,
        part: impl Fn(&Labels) -> bool,
    ) -> Result<Vec<Gain>, Missing> {
        let meant = |(name, labels): &&Key| {
            let line = Line { name: name.clone(), labels: labels.clone(), value: 0.0, at: None };
            part(labels) && selector.takes(&line, suffix)
        };
        self.same_process(before)?;
        let reset = |what: String| {
            Missing::failed(format!(
                "{what} between two looks: the counter began anew, and what came in between is not known."
            ))
        };
        if let Some((name, _)) = before.lines.keys().filter(meant).find(|key| !self.lines.contains_key(*key)) {
            return Err(reset(format!("A series of {name} vanished")));
        }
        let mut all = Vec::new();
        for key in self.lines.keys().filter(meant) {
            let now = crate::number::sound(&format!("{} on the page", key.0), self.lines[key])?;
            // A series that is new was born since: a counter begins with nothing.
            let then = before.lines.get(key).copied().unwrap_or_default();
            if now < then {
                return Err(reset(format!("{} fell from {then} to {now}", key.0)));
            }
            all.push((key.1.clone(), now - then));
        }
        Ok(all)
    }

    /// The values of the series that are meant.
    pub fn values(&self, selector: &Selector, part: impl Fn(&Labels) -> bool) -> Vec<f64> {
        let meant = |(name, labels): &Key| {
            let line = Line { name: name.clone(), labels: labels.clone(), value: 0.0, at: None };
            part(labels) && selector.takes(&line, "")
        };
        self.lines.iter().filter(|(key, _)| meant(key)).map(|(_, value)| *value).collect()
    }

    fn same_process(&self, before: &Self) -> Result<(), Missing> {
        let starts = |page: &Self| -> Vec<u64> {
            page.lines.iter().filter(|((name, _), _)| name == STARTED).map(|(_, value)| value.to_bits()).collect()
        };
        if starts(self) == starts(before) {
            return Ok(());
        }
        Err(Missing::failed("The process was started anew between two looks; what came in between is not known."))
    }
}
