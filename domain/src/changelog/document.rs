//! The text of a changelog cut into versions; put together it is the text again.

use crate::{
    outline::{Kind, Lines},
    release::Version,
};
use chrono::NaiveDate;
use std::fmt;

/// What a section is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Unreleased,
    Release {
        version: Version,
        date: Option<NaiveDate>,
        /// Taken back because it did harm.
        yanked: bool,
    },
    /// Something that a changelog does not know.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The line as it stands there.
    pub heading: String,
    pub about: About,
    /// All up to the next heading.
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub preamble: String,
    pub sections: Vec<Section>,
    /// The link definitions at the end, from the first of them on.
    pub links: String,
}

impl Document {
    pub fn parse(text: &str) -> Self {
        let mut preamble = String::new();
        let mut sections: Vec<Section> = Vec::new();
        for (line, kind) in Lines::of(text) {
            let about = match kind {
                Kind::Heading(1 | 2) => about(line),
                _ => None,
            };
            match (about, kind, sections.last_mut()) {
                (Some(about), ..) => {
                    sections.push(Section { heading: line.to_owned(), about, body: String::new() });
                }
                (None, Kind::Heading(1 | 2), Some(_)) => {
                    sections.push(Section { heading: line.to_owned(), about: About::Other, body: String::new() });
                }
                (None, _, Some(section)) => section.body.push_str(line),
                (None, _, None) => preamble.push_str(line),
            }
        }
        let last = sections.last_mut().map_or(&mut preamble, |section| &mut section.body);
        let at = end_of_words(last);
        let links = last.split_off(at);
        Self { preamble, sections, links }
    }

    pub fn unreleased(&self) -> Option<usize> {
        self.sections.iter().position(|section| section.about == About::Unreleased)
    }

    pub fn version(&self, wanted: &Version) -> Option<usize> {
        let is = |section: &Section| matches!(&section.about, About::Release { version, .. } if version == wanted);
        self.sections.iter().position(is)
    }

    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        self.sections.iter().filter_map(|section| match &section.about {
            About::Release { version, .. } => Some(version),
            _ => None,
        })
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.preamble)?;
        for section in &self.sections {
            f.write_str(&section.heading)?;
            f.write_str(&section.body)?;
        }
        f.write_str(&self.links)
    }
}

/// Reads `## [1.4.2] - 2026-01-31`, with and without brackets, link, `v`, date and `[YANKED]`.
fn about(line: &str) -> Option<About> {
    let text = line.trim().trim_start_matches('#').trim();
    let inner = text.strip_prefix('[').unwrap_or(text);
    let end = inner.find(|c: char| c.is_whitespace() || matches!(c, ']' | '(' | ':')).unwrap_or(inner.len());
    let name = &inner[..end];
    if name.eq_ignore_ascii_case("unreleased") {
        return Some(About::Unreleased);
    }
    let version: Version = name.parse().ok()?;
    let mut rest = &inner[end..];
    if let Some((_, behind)) = rest.strip_prefix("](").and_then(|link| link.split_once(')')) {
        rest = behind;
    }
    let mut words = rest.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
    let date = words.find_map(|word| word.parse().ok());
    Some(About::Release { version, date, yanked: rest.to_ascii_uppercase().contains("[YANKED]") })
}

/// Where the link definitions at the end begin.
fn end_of_words(text: &str) -> usize {
    let (mut end, mut at) = (None, 0);
    for (line, kind) in Lines::of(text) {
        if kind == Kind::Plain && definition(line).is_some() {
            end = end.or(Some(at));
        } else if kind != Kind::Blank {
            end = None;
        }
        at += line.len();
    }
    end.unwrap_or(text.len())
}

/// `[1.4.2]: address`, as label and address.
pub(super) fn definition(line: &str) -> Option<(&str, &str)> {
    let (label, address) = line.strip_prefix('[')?.split_once("]:")?;
    let address = address.trim();
    (!label.is_empty() && !address.is_empty() && !address.contains(char::is_whitespace)).then_some((label, address))
}
