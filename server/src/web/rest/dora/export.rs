//! Tables as CSV (RFC 4180).

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use std::fmt::Write as _;

/// A table under way.
pub(super) struct Table(String);

impl Table {
    pub fn new(columns: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.row(columns.iter().map(|name| (*name).to_owned()));
        table
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        for (n, cell) in cells.into_iter().enumerate() {
            if n > 0 {
                self.0.push(',');
            }
            // A spreadsheet must not take what people wrote for a formula.
            let formula = cell.starts_with(['=', '+', '@']) || (cell.starts_with('-') && cell.parse::<f64>().is_err());
            let cell = if formula { format!("'{cell}") } else { cell };
            if cell.contains([',', '"', '\n', '\r']) {
                // Writing to a String cannot fail.
                let _ = write!(self.0, "\"{}\"", cell.replace('"', "\"\""));
            } else {
                self.0.push_str(&cell);
            }
        }
        self.0.push_str("\r\n");
    }

    /// To be saved under this name.
    pub fn answer(self, name: &str) -> Response {
        let mut response = self.0.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
        let disposition = format!("attachment; filename=\"{name}.csv\"");
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}

/// Empty for nothing, which is not 0.
pub(super) fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Table, number};

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_never_formulas() {
        let mut table = Table::new(&["a", "b"]);
        table.row(["x,\"y\"".to_owned(), "=1+1".to_owned()]);
        table.row([number(Some(-1.5)), number(None)]);
        assert_eq!(table.0, "a,b\r\n\"x,\"\"y\"\"\",'=1+1\r\n-1.5,\r\n");
    }
}
