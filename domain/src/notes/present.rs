//! The notes as readers get them: without comments, and without sections in which nothing stands.

use crate::outline::{Kind, Lines};

/// The text without comments on lines of their own and without empty sections.
pub fn presented(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for section in sections(text) {
        if section.is_empty() {
            continue;
        }
        kept.push_str(section.heading);
        for line in section.lines {
            let twice = line.trim().is_empty() && (kept.is_empty() || kept.ends_with("\n\n"));
            if !twice {
                kept.push_str(line);
            }
        }
    }
    kept
}

/// The titles of sections that still wait for words.
pub fn empty_sections(text: &str) -> Vec<String> {
    let empty = sections(text).into_iter().filter(Section::is_empty);
    empty.map(|section| section.heading.trim_matches(|c: char| c == '#' || c.is_whitespace()).to_owned()).collect()
}

struct Section<'a> {
    heading: &'a str,
    /// Without comments.
    lines: Vec<&'a str>,
}

impl Section<'_> {
    fn is_empty(&self) -> bool {
        !self.heading.is_empty() && self.lines.iter().all(|line| line.trim().is_empty())
    }
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section { heading: "", lines: Vec::new() }];
    let mut comment = false;
    for (line, kind) in Lines::of(text) {
        if kind == Kind::Heading(2) {
            sections.push(Section { heading: line, lines: Vec::new() });
            continue;
        }
        let inner = line.trim();
        // A comment that words follow is theirs, and stays with them.
        let begins = kind == Kind::Plain && inner.starts_with("<!--");
        comment = (comment && kind == Kind::Within) || (begins && (inner.ends_with("-->") || !inner.contains("-->")));
        if let (false, Some(section)) = (comment, sections.last_mut()) {
            section.lines.push(line);
        }
    }
    sections
}
