//! The calendar as an iCalendar feed (RFC 5545).
//!
//! Every occurrence is an event of its own with UTC instants, not an RRULE with TZID and VTIMEZONE: the gate decides by
//! instants, and so every client shows those instants, whatever it thinks of clock changes, exceptions or “days
//! before”. Local times and zone stand in the description. UIDs are made of rule, part and date, so a moved train
//! moves in the client too. Own writer: the subset is small, and folding by octets has to be right.

use super::occurrence::{Occurrence, Part};
use crate::slug::RuleId;
use crate::{Refusal, Timestamp};
use chrono::Datelike;

/// The head of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    title: String,
    host: String,
}

/// One event; made from an [`Occurrence`], or by hand for a planned deployment or a hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same thing for ever; unique within the host.
    pub key: String,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub title: String,
    pub detail: String,
    pub category: String,
}

impl Feed {
    /// `host` makes UIDs unique in the world: the installation's public host name.
    pub fn new(title: &str, host: &str) -> Result<Self, Refusal> {
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || host.len() > 255 || !host.chars().all(sound) {
            return Err(Refusal::invalid(
                "host",
                format!("“{}”", host.escape_debug()),
                "a host name such as “ship.example.org”",
            ));
        }
        Ok(Self { title: title.to_owned(), host: host.to_owned() })
    }

    /// The whole document; `stamp` is when it was made.
    pub fn write(&self, entries: impl IntoIterator<Item = Entry>, stamp: Timestamp) -> String {
        let mut out = Lines(String::new());
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Pilothouse//Release calendar//EN");
        out.line("CALSCALE:GREGORIAN");
        out.line("METHOD:PUBLISH");
        out.text("NAME", &self.title);
        out.text("X-WR-CALNAME", &self.title);
        out.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        out.line("X-PUBLISHED-TTL:PT1H");
        let mut empty = true;
        for entry in entries.into_iter().filter(Entry::can_be_written) {
            empty = false;
            out.line("BEGIN:VEVENT");
            out.text("UID", &format!("{}@{}", entry.key, self.host));
            out.line(&format!("DTSTAMP:{}", utc(stamp)));
            out.line(&format!("DTSTART:{}", utc(entry.starts)));
            out.line(&format!("DTEND:{}", utc(entry.ends)));
            out.text("SUMMARY", &entry.title);
            if !entry.detail.is_empty() {
                out.text("DESCRIPTION", &entry.detail);
            }
            out.text("CATEGORIES", &entry.category);
            out.line("TRANSP:TRANSPARENT");
            out.line("END:VEVENT");
        }
        if empty {
            // A calendar must hold at least one component.
            for line in [
                "BEGIN:VTIMEZONE",
                "TZID:UTC",
                "BEGIN:STANDARD",
                "DTSTART:19700101T000000",
                "TZOFFSETFROM:+0000",
                "TZOFFSETTO:+0000",
                "END:STANDARD",
                "END:VTIMEZONE",
            ] {
                out.line(line);
            }
        }
        out.line("END:VCALENDAR");
        out.0
    }
}

impl Entry {
    /// Years have four digits in this format, and an event ends after it begins.
    fn can_be_written(&self) -> bool {
        let sound = |at: Timestamp| (1..=9999).contains(&at.year());
        sound(self.starts) && sound(self.ends) && self.starts < self.ends
    }
}

/// The key of one part of one occurrence: a happening is known by its rule and the date the rule names.
fn key(rule: &RuleId, part: Part, date: chrono::NaiveDate) -> String {
    let part = match part {
        Part::Itself => "",
        Part::DaysBefore => "-before",
        Part::CodeFreeze => "-freeze",
    };
    format!("{rule}-{}{part}", date.format("%Y%m%d"))
}

impl From<&Occurrence> for Entry {
    fn from(occurrence: &Occurrence) -> Self {
        let title = match occurrence.part {
            Part::Itself => occurrence.title.clone(),
            Part::DaysBefore => format!("Before {}", occurrence.title),
            Part::CodeFreeze => format!("Code freeze: {}", occurrence.title),
        };
        let time = |local: chrono::NaiveDateTime| local.format("%a %Y-%m-%d %H:%M").to_string();
        let from_to = format!("{} to {}", time(occurrence.local_starts), time(occurrence.local_ends));
        let effect = if occurrence.closes { "\nNothing ships in this time." } else { "" };
        Self {
            key: key(&occurrence.rule, occurrence.part, occurrence.date),
            starts: occurrence.starts,
            ends: occurrence.ends,
            title,
            detail: format!("{from_to} ({}){effect}", occurrence.zone),
            category: occurrence.kind.words().to_owned(),
        }
    }
}

fn utc(at: Timestamp) -> String {
    format!("{:04}{}", at.year().clamp(0, 9999), at.format("%m%dT%H%M%SZ"))
}

/// Content lines, ended by CRLF and folded.
struct Lines(String);

impl Lines {
    fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        let mut rest = value.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\\' | ';' | ',' => line.extend(['\\', c]),
                '\r' => {
                    rest.next_if_eq(&'\n');
                    line.push_str("\\n");
                }
                '\n' => line.push_str("\\n"),
                '\t' => line.push('\t'),
                c if c.is_control() => {}
                c => line.push(c),
            }
        }
        self.line(&line);
    }

    /// At most 75 octets a line, never cutting a character; what follows begins with a blank.
    fn line(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
