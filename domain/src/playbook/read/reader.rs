//! Walks the parsed text, knows where it is, and notes every fault.

use super::{
    Fault, Read,
    declared::{Declared, Noun},
};
use std::fmt::Write as _;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A value with the place it stands at.
pub(in crate::playbook) type Value<'i> = Spanned<DeValue<'i>>;

/// More faults than this help nobody; the rest is counted.
const MOST_FAULTS: usize = 200;

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
}

#[derive(Debug)]
pub(in crate::playbook) struct Reader {
    /// Where each line begins.
    starts: Vec<usize>,
    path: Vec<Step>,
    /// The line of each step of the path, for values that bear no place of their own.
    lines: Vec<usize>,
    declared: Declared,
    /// After a syntax error, what is missing may only be unreadable.
    damaged: bool,
    broken_lines: Vec<usize>,
    /// From this line on the parser may have misread what it could not make sense of.
    doubtful: usize,
    faults: Vec<Fault>,
    left_out: usize,
}

impl Reader {
    pub(in crate::playbook) fn new(
        text: &str,
        root: &DeTable<'_>,
        syntax: Vec<Fault>,
        doubtful: Option<usize>,
    ) -> Self {
        let mut reader = Self {
            starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
            path: Vec::new(),
            lines: vec![1],
            declared: Declared::default(),
            damaged: doubtful.is_some(),
            broken_lines: syntax.iter().map(|fault| fault.line).collect(),
            doubtful: doubtful.unwrap_or(usize::MAX),
            faults: syntax,
            left_out: 0,
        };
        reader.declared = Declared::of(root, &mut reader);
        reader
    }

    pub(in crate::playbook) fn into_faults(mut self) -> Vec<Fault> {
        self.faults.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        if self.left_out > 0 {
            let (line, key) = self.faults.last().map_or((1, "playbook".to_owned()), |f| (f.line, f.key.clone()));
            self.faults.push(Fault::new(line, key, format!("{} more faults follow", self.left_out)));
        }
        self.faults
    }

    pub(in crate::playbook) fn damaged(&self) -> bool {
        self.damaged
    }

    pub(in crate::playbook) fn declared(&self) -> &Declared {
        &self.declared
    }

    /// The dotted path of where the reader is, with `more` below it.
    pub(in crate::playbook) fn key(&self, more: &str) -> String {
        let mut key = String::new();
        for step in &self.path {
            match step {
                Step::Key(name) if key.is_empty() => key.push_str(name),
                Step::Key(name) => {
                    key.push('.');
                    key.push_str(name);
                }
                Step::Index(index) => drop(write!(key, "[{index}]")),
            }
        }
        match (key.is_empty(), more.is_empty()) {
            (true, true) => "playbook".to_owned(),
            (false, false) => format!("{key}.{more}"),
            _ => key + more,
        }
    }

    /// The line of a value, or of what holds it.
    pub(in crate::playbook) fn line(&self, value: &Value<'_>) -> usize {
        self.line_at(value.span().start, value.span().is_empty())
    }

    pub(super) fn line_at(&self, offset: usize, placeless: bool) -> usize {
        if placeless {
            return self.lines.last().copied().unwrap_or(1);
        }
        self.starts.partition_point(|start| *start <= offset)
    }

    pub(in crate::playbook) fn note(&mut self, fault: Fault) {
        // A line that is not even TOML has been named already; what it fails to say would only be an echo.
        if self.broken_lines.contains(&fault.line) || fault.line >= self.doubtful {
            return;
        }
        if self.faults.len() < MOST_FAULTS { self.faults.push(fault) } else { self.left_out += 1 }
    }

    /// Like [`Self::note`], with the nearest of `known` when one is near.
    pub(in crate::playbook) fn note_near<'a>(
        &mut self,
        fault: Fault,
        found: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        // Looking for it takes time, which is only spent on what is shown.
        let shown = self.faults.len() < MOST_FAULTS;
        self.note(if shown { fault.near(found, known) } else { fault });
    }

    /// Notes that `value` is wrong.
    pub(in crate::playbook) fn refuse(&mut self, value: &Value<'_>, what: &str, allowed: &str) {
        let fault = Fault::new(self.line(value), self.key(""), what).found(shown(value)).allowed(allowed);
        self.note(fault);
    }

    /// Notes that the word `found` within `value` is none of `known`.
    pub(in crate::playbook) fn stray(&mut self, value: &Value<'_>, found: &str, what: &str, known: &[&'static str]) {
        let fault = Fault::new(self.line(value), self.key(""), what).found(quoted(found)).allowed(known.join(", "));
        self.note_near(fault, found, known.iter().copied());
    }

    /// Notes that what stands under `key` of the table `value` contradicts the rest of it.
    pub(in crate::playbook) fn contradiction(&mut self, value: &Value<'_>, key: &str, what: impl Into<String>) {
        let inner = value.get_ref().as_table().and_then(|table| table.get(key));
        let mut fault = Fault::new(self.line(inner.unwrap_or(value)), self.key(key), what);
        fault.found = inner.map(shown);
        self.note(fault);
    }

    /// Runs `read` one step further down.
    pub(in crate::playbook) fn inside<T>(
        &mut self,
        key: &str,
        line: usize,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        self.path.push(Step::Key(key.to_owned()));
        self.lines.push(line);
        let read = read(self);
        self.lines.pop();
        self.path.pop();
        read
    }

    /// Like [`Self::inside`], for one of a list.
    pub(in crate::playbook) fn at<T>(
        &mut self,
        index: usize,
        value: &Value<'_>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let line = self.line(value);
        self.path.push(Step::Index(index));
        self.lines.push(line);
        let read = read(self);
        self.lines.pop();
        self.path.pop();
        read
    }

    /// The table, after noting every key that is not among `known`.
    pub(in crate::playbook) fn table<'v, 'i>(
        &mut self,
        value: &'v Value<'i>,
        known: &[&'static str],
    ) -> Option<&'v DeTable<'i>> {
        let Some(table) = value.get_ref().as_table() else {
            self.refuse(value, "is no table", &format!("a table with the keys {}", known.join(", ")));
            return None;
        };
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let line = self.line_at(key.span().start, key.span().is_empty());
                let shown: String = name.chars().take(60).filter(|c| !c.is_control()).collect();
                let fault = Fault::new(line, self.key(&shown), "is no key known here")
                    .found(quoted(name))
                    .allowed(known.join(", "));
                self.note_near(fault, name, known.iter().copied());
            }
        }
        Some(table)
    }

    /// The value under `key`, or what its absence means.
    pub(in crate::playbook) fn field<T: Read>(
        &mut self,
        (owner, table): (&Value<'_>, &DeTable<'_>),
        key: &'static str,
        default: Option<T>,
        names: Option<Noun>,
    ) -> Option<T> {
        let Some((name, value)) = table.get_key_value(key) else {
            let absent = default.or_else(T::absent);
            if absent.is_none() && !self.damaged {
                let fault = Fault::new(self.line(owner), self.key(key), "is missing").found("nothing");
                self.note(fault);
            }
            return absent;
        };
        let line = self.line_at(name.span().start, name.span().is_empty());
        self.inside(key, line, |reader| {
            let known = names.is_none_or(|noun| reader.refer(noun, value));
            T::read(value, reader).filter(|_| known)
        })
    }

    /// Whether every name in `value` is declared; notes those that are not.
    pub(in crate::playbook) fn refer(&mut self, noun: Noun, value: &Value<'_>) -> bool {
        match value.get_ref() {
            DeValue::String(name) if self.damaged || self.declared.has(noun, name) => true,
            DeValue::String(name) => {
                let known = self.declared.known(noun);
                let allowed =
                    if known.is_empty() { "nothing, as none is declared".to_owned() } else { known.join(", ") };
                let fault =
                    Fault::new(self.line(value), self.key(""), noun.stranger()).found(shown(value)).allowed(allowed);
                self.note_near(fault, name, known.iter().map(String::as_str));
                false
            }
            DeValue::Array(all) => {
                let mut known = true;
                for (index, one) in all.iter().enumerate() {
                    known &= self.at(index, one, |reader| reader.refer(noun, one).then_some(())).is_some();
                }
                known
            }
            _ => true,
        }
    }

    /// The text of a value.
    pub(in crate::playbook) fn text<'v>(&mut self, value: &'v Value<'_>, allowed: &str) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.refuse(value, "is no text in quotes", allowed);
        }
        text
    }
}

/// A value as it is shown to people: short, and tables by their name only.
pub(super) fn shown(value: &Value<'_>) -> String {
    match value.get_ref() {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(when) => when.to_string(),
        DeValue::Array(all) => format!("a list of {}", all.len()),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// At most sixty characters of a text, on one line, in quotes.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let beginning: String = text.chars().take(60).map(plain).collect();
    let more = if text.chars().nth(60).is_some() { "…" } else { "" };
    format!("“{beginning}{more}”")
}
