//! Lines of a Markdown text, each with what it is as far as structure goes.

use crate::Refusal;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `## Title`, with its level.
    Heading(usize),
    /// `- item` or `1. item`, at the edge.
    Item,
    Blank,
    /// Begins with blanks: goes on with what stands above.
    Indented,
    Plain,
    /// Inside of a code block or a comment, whatever it looks like.
    Within,
}

/// The lines of a text, with their ends: put together they are the text again.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    rest: std::str::SplitInclusive<'a, char>,
    open: Option<Open>,
}

#[derive(Debug)]
enum Open {
    Code { mark: char, length: usize },
    Comment,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { rest: text.split_inclusive('\n'), open: None }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (&'a str, Kind);

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.rest.next()?;
        let inner = line.trim();
        let fence = fence(inner);
        if let Some(open) = &self.open {
            let closes = match open {
                Open::Comment => inner.contains("-->"),
                Open::Code { mark, length } => {
                    fence.is_some_and(|(m, n)| m == *mark && n >= *length && inner.len() == n)
                }
            };
            if closes {
                self.open = None;
            }
            return Some((line, Kind::Within));
        }
        if let Some((mark, length)) = fence {
            self.open = Some(Open::Code { mark, length });
        } else if inner.starts_with("<!--") && !inner.contains("-->") {
            self.open = Some(Open::Comment);
        }
        Some((line, kind(line)))
    }
}

/// A line that opens or closes a code block: its sign, and how many there are.
fn fence(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    // “```a``` b” is a sentence.
    (length >= 3 && !(mark == '`' && line[length..].contains('`'))).then_some((mark, length))
}

fn kind(line: &str) -> Kind {
    if line.trim().is_empty() {
        return Kind::Blank;
    }
    if line.starts_with([' ', '\t']) {
        return Kind::Indented;
    }
    let level = line.len() - line.trim_start_matches('#').len();
    if (1..=6).contains(&level) && line[level..].starts_with([' ', '\t', '\r', '\n']) {
        return Kind::Heading(level);
    }
    if marker(line) > 0 { Kind::Item } else { Kind::Plain }
}

/// The length of an item's marker with the blank behind it; nothing if there is none.
pub(super) fn marker(line: &str) -> usize {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let sign = match digits {
        0 => line.starts_with(['-', '*', '+']),
        1..=9 => line[digits..].starts_with(['.', ')']),
        _ => false,
    };
    if sign && line[digits + 1..].starts_with([' ', '\t']) { digits + 2 } else { 0 }
}

/// The text of a heading line.
pub(super) fn title(line: &str) -> &str {
    line.trim().trim_start_matches('#').trim_end_matches('#').trim()
}

/// The text, or the line of a code block or comment in it that never ends: what is written below would be a part of it.
pub(crate) fn closed(field: &'static str, text: &str) -> Result<(), Refusal> {
    let mut lines = Lines::of(text);
    let (mut number, mut opened) = (0, 0);
    while lines.next().is_some() {
        number += 1;
        match lines.open {
            None => opened = 0,
            Some(_) if opened == 0 => opened = number,
            Some(_) => {}
        }
    }
    if opened == 0 {
        return Ok(());
    }
    let found = format!("a code block or comment that begins in line {opened} and never ends");
    Err(Refusal::invalid(field, found, "text in which they are closed"))
}

/// How lines of this text end.
pub(crate) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
