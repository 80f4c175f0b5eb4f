//! How a changelog looks, by its playbook; by Keep a Changelog where that says nothing.

use crate::{
    outline::Slot,
    playbook::{Changelog, ChangelogSection, Template, Variable},
    release::Version,
};
use chrono::NaiveDate;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    order: Vec<ChangelogSection>,
    heading: Option<Template>,
    pub(super) newest_first: bool,
    dated: bool,
    cites: Vec<String>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            order: ChangelogSection::ALL.to_vec(),
            heading: None,
            newest_first: true,
            dated: true,
            cites: vec!["Keep a Changelog 1.1.0".to_owned(), "SemVer 2.0.0".to_owned()],
        }
    }
}

impl Style {
    pub fn of(settings: &Changelog) -> Self {
        let default = Self::default();
        Self {
            order: if settings.sections.is_empty() { default.order } else { settings.sections.clone() },
            heading: settings.heading.clone(),
            newest_first: settings.newest_first,
            dated: settings.dated,
            cites: if settings.cites.is_empty() { default.cites } else { settings.cites.clone() },
        }
    }

    pub(super) fn slots(&self) -> Vec<Slot> {
        let slot = |section: &ChangelogSection| Slot {
            key: section.name().to_owned(),
            title: title(*section).to_owned(),
            numbered: false,
            always: false,
        };
        self.order.iter().map(slot).collect()
    }

    /// The section, or the one that takes its place where the playbook has none such.
    pub(super) fn fitting(&self, section: ChangelogSection) -> ChangelogSection {
        let has = |wanted: &ChangelogSection| self.order.contains(wanted);
        let instead = [section, ChangelogSection::Changed].into_iter().find(has);
        instead.or(self.order.first().copied()).unwrap_or(section)
    }

    /// The heading of a release, without sign and line end.
    pub(super) fn heading(&self, version: &Version, date: NaiveDate) -> String {
        match &self.heading {
            Some(template) => template.filled(|variable| match variable {
                Variable::Version => Some(version.to_string()),
                Variable::Date => Some(date.to_string()),
                _ => None,
            }),
            None if self.dated => format!("[{version}] - {date}"),
            None => format!("[{version}]"),
        }
    }

    /// What stands at the top of a new changelog.
    pub(super) fn preamble(&self, newline: &str) -> String {
        let cited: Vec<String> = self.cites.iter().map(|cited| link(cited)).collect();
        let what = "All notable changes to this project are written down in this file.";
        let follows = format!("It follows {}.", crate::text::list(&cited));
        ["# Changelog", "", what, "", &follows, "", ""].join(newline)
    }
}

/// As the heading of a section is spelled.
pub(super) fn title(section: ChangelogSection) -> &'static str {
    match section {
        ChangelogSection::Added => "Added",
        ChangelogSection::Changed => "Changed",
        ChangelogSection::Fixed => "Fixed",
        ChangelogSection::Security => "Security",
        ChangelogSection::Deprecated => "Deprecated",
        ChangelogSection::Removed => "Removed",
    }
}

fn link(cited: &str) -> String {
    let (name, version) = cited.rsplit_once(' ').unwrap_or((cited, ""));
    match name {
        "Keep a Changelog" => format!("[{cited}](https://keepachangelog.com/en/{version}/)"),
        "SemVer" | "Semantic Versioning" => format!("[{cited}](https://semver.org/spec/v{version}.html)"),
        _ => cited.to_owned(),
    }
}
