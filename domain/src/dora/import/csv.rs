//! CSV as RFC 4180 has it: cells between commas, quoted where they hold commas, quotes or ends of lines.

use super::{
    Entry, Fault,
    field::Cell,
    fields::{Fields, is_known},
};
use std::borrow::Cow;

/// Every record after the header that is not blank, in order. Without a sound header there is one fault and no more.
pub fn read_csv(text: &str) -> impl Iterator<Item = Result<Entry, Fault>> + '_ {
    let mut records = Records { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let (columns, fault) = match header(&mut records) {
        Ok(columns) => (columns, None),
        Err(fault) => {
            records.rest = "";
            (Vec::new(), Some(Err(fault)))
        }
    };
    let entries = records.filter(|(_, record)| !record.as_ref().is_ok_and(|cells| is_blank(cells)));
    fault.into_iter().chain(entries.map(move |(line, record)| entry(line, &columns, record?)))
}

fn header<'a>(records: &mut Records<'a>) -> Result<Vec<Cow<'a, str>>, Fault> {
    let allowed = "a first line that names the columns: type, product, id, …";
    let (line, columns) = records.next().ok_or_else(|| Fault::missing(1, "header", allowed))?;
    let columns = columns?;
    for (at, name) in columns.iter().enumerate() {
        if !is_known(name) || columns[..at].contains(name) {
            return Err(Fault::new(
                line,
                "header",
                &format!("“{name}”"),
                "known columns, each once; see the list of fields",
            ));
        }
    }
    Ok(columns)
}

fn is_blank(cells: &[Cow<'_, str>]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

fn entry(line: u64, columns: &[Cow<'_, str>], record: Vec<Cow<'_, str>>) -> Result<Entry, Fault> {
    if record.len() != columns.len() {
        let found = format!("{} cells", record.len());
        return Err(Fault::new(line, "line", &found, format!("{} cells, as many as the header has", columns.len())));
    }
    let cells = columns.iter().zip(record).filter(|(_, cell)| !cell.trim().is_empty());
    Fields::new(line, cells.map(|(name, cell)| (name.as_ref(), Cell::Text(trimmed(cell)))).collect()).entry()
}

fn trimmed(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Records one after the other, each with the line it begins on.
struct Records<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Iterator for Records<'a> {
    type Item = (u64, Result<Vec<Cow<'a, str>>, Fault>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(found) => {
                    // Where quotes are wrong nobody can tell where the next record begins.
                    self.rest = "";
                    let allowed =
                        "quotes around a whole cell, and “\"\"” for a quote in it; nothing after this line was read";
                    return Some((line, Err(Fault::new(line, "line", found, allowed))));
                }
            }
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            let rest = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n'));
            self.rest = rest.unwrap_or_default();
            self.line += 1;
            return Some((line, Ok(cells)));
        }
    }
}

impl<'a> Records<'a> {
    /// Up to the comma or the end of the line after it, which is left.
    fn cell(&mut self) -> Result<Cow<'a, str>, &'static str> {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
            let (cell, rest) = self.rest.split_at(end);
            // The end of a line may be two characters.
            let short = if rest.starts_with('\n') { cell.strip_suffix('\r').unwrap_or(cell) } else { cell };
            self.rest = &self.rest[short.len()..];
            return Ok(Cow::Borrowed(short));
        };
        let mut text = String::new();
        let mut rest = quoted;
        loop {
            let (before, after) = rest.split_once('"').ok_or("a quote that does not end")?;
            text.push_str(before);
            let Some(more) = after.strip_prefix('"') else {
                self.rest = after;
                break;
            };
            text.push('"');
            rest = more;
        }
        self.line += text.matches('\n').count() as u64;
        let ends = self.rest.is_empty() || [",", "\n", "\r\n"].iter().any(|end| self.rest.starts_with(end));
        if ends { Ok(Cow::Owned(text)) } else { Err("text after a quoted cell") }
    }
}
