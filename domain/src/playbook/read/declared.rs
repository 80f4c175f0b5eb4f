//! What a playbook declares, gathered before it is read, so that a name can be checked where it is used.

use super::{
    Fault,
    reader::{Reader, Value, shown},
};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// What a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::playbook) enum Noun {
    Role,
    /// A role that may approve.
    Approver,
    Environment,
    Type,
    Strategy,
    Checklist,
    Message,
    Signal,
    Channel,
    Command,
    Metric,
    Train,
}

impl Noun {
    /// Where it is declared: the list and the key of the name. Approvers and trains are gathered on their own.
    const SECTIONS: [(Self, &'static str, &'static str); 10] = [
        (Self::Role, "role", "id"),
        (Self::Environment, "environment", "name"),
        (Self::Type, "type", "id"),
        (Self::Strategy, "strategy", "id"),
        (Self::Checklist, "checklist", "id"),
        (Self::Message, "message", "id"),
        (Self::Signal, "signal", "id"),
        (Self::Channel, "channel", "id"),
        (Self::Command, "command", "id"),
        (Self::Metric, "metric", "id"),
    ];

    /// What is said of a name that is not declared.
    pub(super) fn stranger(self) -> &'static str {
        match self {
            Self::Role => "is no role of this playbook",
            Self::Approver => "is no role of this playbook that may approve",
            Self::Environment => "is no environment of this playbook",
            Self::Type => "is no release type of this playbook",
            Self::Strategy => "is no strategy of this playbook",
            Self::Checklist => "is no checklist of this playbook",
            Self::Message => "is no message of this playbook",
            Self::Signal => "is no signal of this playbook",
            Self::Channel => "is no channel of this playbook",
            Self::Command => "is no command of this playbook",
            Self::Metric => "is no metric of this playbook",
            Self::Train => "is no train of this playbook's calendar",
        }
    }
}

#[derive(Debug, Default)]
pub(in crate::playbook) struct Declared {
    names: BTreeMap<Noun, Vec<String>>,
    /// What each signal measures, as written.
    measures: BTreeMap<String, String>,
}

impl Declared {
    /// Gathers all names; notes those that stand twice, and what every playbook must have but this one lacks.
    pub(super) fn of(root: &DeTable<'_>, reader: &mut Reader) -> Self {
        let mut declared = Self::default();
        for (noun, section, key) in Noun::SECTIONS {
            let names = elements(root, section).filter_map(|e| text(e, key));
            declared.names.insert(noun, unique(names));
        }
        let trains = root.get("calendar").and_then(|c| c.get_ref().as_table());
        let trains = trains.into_iter().flat_map(|c| elements(c, "train")).filter_map(|e| text(e, "id"));
        declared.names.insert(Noun::Train, unique(trains));
        let approvers = elements(root, "role").filter(|role| {
            let permissions = role.get_ref().get("permissions").and_then(|p| p.get_ref().as_array());
            permissions.is_some_and(|all| all.iter().any(|p| p.get_ref().as_str() == Some("approve")))
        });
        declared.names.insert(Noun::Approver, unique(approvers.filter_map(|e| text(e, "id"))));
        let measures = elements(root, "signal").filter_map(|e| Some((text(e, "id")?.to_owned(), text(e, "measures")?)));
        declared.measures = measures.map(|(id, kind)| (id, kind.to_owned())).collect();
        twice(root, reader);
        if !reader.damaged() {
            declared.lacking(reader);
        }
        declared
    }

    pub(super) fn has(&self, noun: Noun, name: &str) -> bool {
        self.known(noun).iter().any(|known| known == name)
    }

    pub(super) fn known(&self, noun: Noun) -> Vec<String> {
        self.names.get(&noun).cloned().unwrap_or_default()
    }

    /// What the signal measures, as written.
    pub(in crate::playbook) fn measure(&self, signal: &str) -> Option<&str> {
        self.measures.get(signal).map(String::as_str)
    }

    fn lacking(&self, reader: &mut Reader) {
        let none = |noun| self.known(noun).is_empty();
        if none(Noun::Type) {
            reader.note(Fault::new(1, "type", "no [[type]] is given; at least one release type is needed"));
        }
        if !self.has(Noun::Environment, "production") {
            let known = self.known(Noun::Environment);
            let mut fault =
                Fault::new(1, "environment", "no [[environment]] is named “production”; every playbook has one")
                    .near("production", known.iter().map(String::as_str));
            fault.found = (!known.is_empty()).then(|| known.join(", "));
            reader.note(fault);
        }
    }
}

/// The entries of a list of tables.
fn elements<'v, 'i>(table: &'v DeTable<'i>, section: &str) -> impl Iterator<Item = &'v Value<'i>> {
    table.get(section).and_then(|list| list.get_ref().as_array()).into_iter().flatten()
}

/// Each name once, in the order of the text.
fn unique<'v>(names: impl Iterator<Item = &'v str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(*name)).map(str::to_owned).collect()
}

fn text<'v>(element: &'v Value<'_>, key: &str) -> Option<&'v str> {
    element.get_ref().get(key)?.get_ref().as_str()
}

/// Notes every name that stands twice in its list, at any depth.
fn twice(table: &DeTable<'_>, reader: &mut Reader) {
    for (key, value) in table {
        let line = reader.line_at(key.span().start, key.span().is_empty());
        reader.inside(key.get_ref(), line, |reader| {
            within(value, reader);
            Some(())
        });
    }
}

fn within(value: &Value<'_>, reader: &mut Reader) {
    if let Some(table) = value.get_ref().as_table() {
        twice(table, reader);
    }
    let Some(list) = value.get_ref().as_array() else { return };
    let mut seen = BTreeSet::new();
    for (index, element) in list.iter().enumerate() {
        reader.at(index, element, |reader| {
            for key in ["id", "name"] {
                let Some(name) = element.get_ref().get(key) else { continue };
                let Some(text) = name.get_ref().as_str() else { continue };
                if !seen.insert((key, text.to_owned())) {
                    let fault = Fault::new(reader.line(name), reader.key(key), "stands twice in this list")
                        .found(shown(name))
                        .allowed("a name not used before");
                    reader.note(fault);
                }
            }
            within(element, reader);
            Some(())
        });
    }
}
