//! Values on their way to and from a database.

use control::journal::JournalError;
use domain::Timestamp;
use std::{fmt::Display, str::FromStr};

/// A value for a statement.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    Int(i64),
    Text(&'a str),
    Maybe(Option<&'a str>),
    Bytes(&'a [u8]),
}

/// A value from a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row, taken cell by cell from the left.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Cell>);

impl Row {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    fn next(&mut self) -> Cell {
        self.0.next().unwrap_or(Cell::Null)
    }

    pub(crate) fn number(&mut self) -> Result<u64, JournalError> {
        match self.next() {
            Cell::Int(n) => u64::try_from(n).map_err(|_| unreadable("a number", n)),
            other => Err(unreadable("a number", format!("{other:?}"))),
        }
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>, JournalError> {
        match self.next() {
            Cell::Text(text) => Ok(Some(text)),
            Cell::Null => Ok(None),
            other => Err(unreadable("a text", format!("{other:?}"))),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, JournalError> {
        self.maybe_text()?.ok_or_else(|| unreadable("a text", "nothing"))
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, JournalError> {
        match self.next() {
            Cell::Bytes(bytes) => Ok(bytes),
            other => Err(unreadable("bytes", format!("{other:?}"))),
        }
    }

    /// A text that stands for something else.
    pub(crate) fn parsed<T: FromStr>(&mut self) -> Result<T, JournalError> {
        parse(&self.text()?)
    }

    pub(crate) fn maybe_parsed<T: FromStr>(&mut self) -> Result<Option<T>, JournalError> {
        self.maybe_text()?.as_deref().map(parse).transpose()
    }

    pub(crate) fn instant(&mut self) -> Result<Timestamp, JournalError> {
        self.parsed()
    }
}

fn parse<T: FromStr>(text: &str) -> Result<T, JournalError> {
    text.parse().map_err(|_| unreadable(std::any::type_name::<T>(), text))
}

fn unreadable(wanted: &str, found: impl Display) -> JournalError {
    JournalError::Storage(format!("a row holds {found} where {wanted} is expected"))
}
